import { z } from 'zod';
import { Timestamp } from './execution.ts';

/** Counts and durations of executions. Every number is exact as of `asOf`. */
export const ExecutionStats = z.object({
  total: z.number().int(),
  pending: z.number().int(),
  running: z.number().int(),
  completed: z.number().int(),
  failed: z.number().int(),
  cancelled: z.number().int(),
  timedOut: z.number().int(),
  terminated: z.number().int(),
  /** Mean run time of ended executions in milliseconds; `null` where none has ended. */
  avgDuration: z.number().nullable(),
  minDuration: z.number().int().nullable(),
  maxDuration: z.number().int().nullable(),
  /** 100 × completed / ended, in percent with one decimal; `null` where none has ended. */
  successRate: z.number().nullable(),
  /** Executions by verdict; those without one are in none. */
  verdicts: z.record(z.string(), z.number().int()),
  asOf: Timestamp,
});
export type ExecutionStats = z.infer<typeof ExecutionStats>;
