import { z } from 'zod';
import { Timestamp } from './execution.ts';
import { Failure } from './failure.ts';

/** `workflow_task`: the workflow's own code, told only where it failed: from then until it went well again. */
export const STEP_KINDS = ['activity', 'timer', 'child', 'signal', 'update', 'workflow_task'] as const;
export const StepKind = z.enum(STEP_KINDS);
export type StepKind = z.infer<typeof StepKind>;

/** One thing a workflow did or was told. */
export const Step = z.object({
  kind: StepKind,
  /** The activity's or child's type, the signal's or update's name; a timer's id; `workflow code`. */
  name: z.string(),
  /** The run of the chain it belongs to. */
  runId: z.string(),
  /** `abandoned`: its run ended while it was under way, so nobody waits for it any more and nothing is known of its end. */
  status: z.enum([
    'scheduled',
    'started',
    'completed',
    'failed',
    'timed_out',
    'cancelled',
    'terminated',
    'received',
    'abandoned',
  ]),
  scheduledAt: Timestamp,
  /** Start of the last attempt; `null` before it, and for what has none (timers, signals). */
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  /** Attempts so far; `null` for what is not retried. */
  attempts: z.number().int().nullable(),
  /** Why the last attempt failed, even where a later one did not. */
  failure: Failure.nullable(),
  /** What the workflow says of it (`summary` of an activity, a timer, a child), 200 characters at most; absent where it says nothing, or a codec has encrypted it. */
  summary: z.string().optional(),
  /** The workflow that a child is, in the namespace of its parent; `runId` once it has started. Other steps have none. */
  child: z.object({ workflowId: z.string(), runId: z.string().nullable() }).optional(),
});
export type Step = z.infer<typeof Step>;

/**
 * The steps of an execution, frozen after its end:
 * - `pending`: it ended, and the history is still to be read.
 * - `complete`: all steps are here.
 * - `cut`: the bounds left some out; `omitted` counts them.
 * - `missing`: Temporal no longer had the history.
 * - `live`: read from Temporal just now, of an execution that is open.
 */
export const Timeline = z.object({
  state: z.enum(['pending', 'complete', 'cut', 'missing', 'live']),
  /** Oldest first. */
  steps: z.array(Step),
  /** What was left out, by kind. Empty when nothing was. */
  omitted: z.partialRecord(StepKind, z.number().int()),
  /** Activities that were scheduled in the chain, those that were left out included. */
  activitiesExecuted: z.number().int(),
  /** When the history was read; `null` while pending. */
  readAt: Timestamp.nullable(),
});
export type Timeline = z.infer<typeof Timeline>;

/** A timeline as it was read from the engine. */
export type ReadTimeline = Pick<Timeline, 'steps' | 'omitted' | 'activitiesExecuted'> & {
  state: 'complete' | 'cut' | 'missing';
};
