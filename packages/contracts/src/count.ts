import { z } from 'zod';
import { Timestamp } from './execution.ts';

/** How many executions a filter finds. */
export const ExecutionCount = z.object({
  count: z.number().int().nonnegative(),
  /** `exact`, or `capped`: there are at least `count` ("1,000+"), and finding out how many would cost too much. */
  exactness: z.enum(['exact', 'capped']),
  /** What counting stops at where no counters say the number. */
  limit: z.number().int(),
  asOf: Timestamp,
  /** What the instants of the filter were: relative ones are resolved by the clock of whoever asks the database. */
  window: z.object({
    from: Timestamp.optional(),
    to: Timestamp.optional(),
    endedFrom: Timestamp.optional(),
    endedTo: Timestamp.optional(),
  }),
});
export type ExecutionCount = z.infer<typeof ExecutionCount>;
