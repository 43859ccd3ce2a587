import { z } from 'zod';

/** Text of one to so many characters, without blanks around it. */
export function shortText(longest: number) {
  return z.string().trim().min(1).max(longest);
}

export const ExecutionId = z.uuid();

/** A point in time with its zone: `2026-11-21T09:00:00Z`. Kept as text, which has the microseconds. */
export const Instant = z.iso.datetime({ offset: true });

export const PageRequest = z.object({
  limit: z.number().int().min(1).max(200).default(50),
  /** `nextCursor` of the page before, of the same list and filter. */
  cursor: z.string().max(2_000).nullish(),
});
