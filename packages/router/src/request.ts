import { ExecutionStatus } from '@runledger/contracts';
import { z } from 'zod';

/** Text of one to so many characters, without blanks around it. */
export function shortText(longest: number) {
  return z.string().trim().min(1).max(longest);
}

export const ExecutionId = z.uuid();

/** A point in time with its zone: `2026-11-21T09:00:00Z`. Kept as text, which has the microseconds. */
export const Instant = z.iso.datetime({ offset: true });

const oneOrMore = z.union([ExecutionStatus, z.array(ExecutionStatus).max(ExecutionStatus.options.length)]);

/** Which executions: all parts hold, and any of the statuses. */
export const FilterRequest = z.object({
  status: oneOrMore.transform((status) => (Array.isArray(status) ? status : [status])).optional(),
  workflowId: z.uuid().optional(),
  /** Started at or after. */
  from: Instant.optional(),
  /** Started before. */
  to: Instant.optional(),
  /** Exactly this verdict. */
  verdict: shortText(100).optional(),
});

export const PageRequest = z.object({
  limit: z.number().int().min(1).max(200).default(50),
  /** `nextCursor` of the page before, of the same list and filter. */
  cursor: z.string().max(2_000).nullish(),
});
