import { z } from 'zod';
import { ExecutionStatus, Timestamp } from './execution.ts';
import { HEALTHS } from './healths.ts';
import { Exactness } from './statistics.ts';

/** Most workflows, and most executions of each, of one call. */
export const RECENT_RUNS = { workflows: 100, last: 100, usual: 30 } as const;

/** One mark of a strip of the latest executions. */
export const RecentRun = z.object({
  id: z.uuid(),
  status: ExecutionStatus,
  startedAt: Timestamp,
  durationMs: z.number().int().nullable(),
});
export type RecentRun = z.infer<typeof RecentRun>;

/** By workflow id, newest first; an empty list where the caller has run nothing of it. */
export const RecentRuns = z.record(z.uuid(), z.array(RecentRun));
export type RecentRuns = z.infer<typeof RecentRuns>;

/** Unsettled executions by how they stood when they were last looked at. `capped`: no more than 10,000 were counted. */
export const HealthCounts = z.object({
  /** Those that are open, direct ones included, which nobody looks at. */
  open: z.number().int(),
  /** Those that have ended by a report, which Temporal has yet to confirm. */
  unconfirmed: z.number().int(),
  /** Those that are followed and were not looked at yet. */
  unchecked: z.number().int(),
  health: z.record(z.enum(HEALTHS), z.number().int()),
  exactness: Exactness,
  asOf: Timestamp,
});
export type HealthCounts = z.infer<typeof HealthCounts>;
