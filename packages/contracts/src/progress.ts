import { z } from 'zod';
import { ExecutionStatus, Timestamp } from './execution.ts';
import { PROGRESS_MESSAGE_LIMIT } from './facts/limits.ts';

const count = z.number().int().max(1_000_000_000);

/** How far an execution has got; what is left out stays as it was. */
export const ProgressReport = z
  .object({
    /** How many steps are done. */
    step: count.min(0).optional(),
    /** Of how many. */
    steps: count.min(1).optional(),
    /** 0 to 100, kept with one decimal. Default: from the steps. */
    percent: z.number().min(0).max(100).optional(),
    /** What it is doing, as a sentence for people. */
    message: z.string().trim().min(1).max(PROGRESS_MESSAGE_LIMIT).optional(),
  })
  .refine(({ step, steps, percent, message }) => [step, steps, percent, message].some((said) => said !== undefined), {
    message: 'says nothing: give step, steps, percent or message',
  })
  .refine(({ step, steps }) => step === undefined || steps === undefined || step <= steps, {
    path: ['step'],
    message: 'must be at most steps',
  });
export type ProgressReport = z.output<typeof ProgressReport>;

/**
 * - `applied`: it is shown.
 * - `behind`: within this run something further was reported before, or the run is over. Nothing changed.
 * - `ended`: the execution has ended; what was seen last is kept.
 */
export const PROGRESS_RESULTS = ['applied', 'behind', 'ended'] as const;
export type ProgressResult = (typeof PROGRESS_RESULTS)[number];

/** How far an execution has got. */
export const Progress = z.object({
  executionId: z.uuid(),
  status: ExecutionStatus,
  step: z.number().int().nullable(),
  steps: z.number().int().nullable(),
  percent: z.number().nullable(),
  message: z.string().nullable(),
  /** Nobody has reported anything: `percent` is the time that has passed as a share of the usual time, at most 95. */
  estimated: z.boolean(),
  /** `null` where it is estimated. */
  reportedAt: Timestamp.nullable(),
  /** Grows with every report that was taken; 0 where it is estimated. A reader drops anything older than it has. */
  counter: z.number().int(),
});
export type Progress = z.infer<typeof Progress>;
