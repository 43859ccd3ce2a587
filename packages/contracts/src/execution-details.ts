import { z } from 'zod';
import { ExecutionStatus, ExecutionWithWorkflow, Timestamp } from './execution.ts';
import { TERMINAL_STATUSES } from './facts/status.ts';
import { ORIGINS } from './origins.ts';
import { RUN_CAUSES, TRANSITION_SOURCES } from './outcome.ts';
import { Progress } from './progress.ts';
import { ExecutionHealth } from './proof.ts';
import { UsualDurations } from './usual-durations.ts';

/**
 * Who or what started an execution, as far as the ledger can tell.
 * - `api`: a user, by `createExecution` of the API.
 * - `backend`: the application's backend, which started it and recorded that.
 * - `schedule`: a schedule or cron of Temporal; the execution was adopted.
 * - `adopted`: something else that starts workflows in Temporal: the Temporal command line, another service.
 * - `import`: it was imported from an older table.
 * - `unknown`: nothing tells.
 */
export const Origin = z.enum(ORIGINS);
export type Origin = z.infer<typeof Origin>;

/**
 * Who did something to an execution: the reader (`you`), another user, or a program (a worker, the command line, Temporal).
 * Only the reader is named: who others are, and what Temporal calls its callers, is not theirs to know.
 */
export const Actor = z.object({
  kind: z.enum(['you', 'user', 'program']),
  /** User id; `null` for whoever is not the reader. */
  id: z.string().nullable(),
  name: z.string().nullable(),
});
export type Actor = z.infer<typeof Actor>;

/** One change of status. Where the status stays, a report was confirmed by Temporal. */
export const StoryTransition = z.object({
  fromStatus: ExecutionStatus.nullable(),
  toStatus: ExecutionStatus,
  source: z.enum(TRANSITION_SOURCES),
  authority: z.enum(['engine', 'reported']),
  /** When it happened: an end's close time, the engine's start; `null` where that is not known. */
  happenedAt: Timestamp.nullable(),
  recordedAt: Timestamp,
  /** From `happenedAt` to `recordedAt`, in milliseconds; 0 where clocks say that it was recorded before. */
  noticedAfterMs: z.number().int().nonnegative().nullable(),
  actor: Actor.nullable(),
  reason: z.string().nullable(),
  runId: z.string().nullable(),
});
export type StoryTransition = z.infer<typeof StoryTransition>;

export const StoryRun = z.object({
  runId: z.string(),
  cause: z.enum(RUN_CAUSES),
  previousRunId: z.string().nullable(),
  status: z.enum([...TERMINAL_STATUSES, 'running', 'continued_as_new', 'unknown']),
  startedAt: Timestamp,
  closedAt: Timestamp.nullable(),
  errorMessage: z.string().nullable(),
});
export type StoryRun = z.infer<typeof StoryRun>;

export const StoryReport = z.object({
  reportedAt: Timestamp,
  status: z.enum(TERMINAL_STATUSES),
  actor: Actor.nullable(),
  /** What the ledger answered: `conflict` where another report or Temporal says otherwise. */
  result: z.enum(['applied', 'already_terminal', 'conflict']),
});
export type StoryReport = z.infer<typeof StoryReport>;

/** What the ledger saw of an execution, oldest first; of transitions the first and the latest 199, of runs and reports the latest 100. */
export const Story = z.object({
  transitions: z.array(StoryTransition),
  runs: z.array(StoryRun),
  reports: z.array(StoryReport),
});
export type Story = z.infer<typeof Story>;

/** What there is of an execution beside its row. */
export const DetailsOnly = Story.extend({
  /** `null` once it is settled, and for direct executions. */
  health: ExecutionHealth.nullable(),
  /** How long such executions take; `null` where none has completed. */
  usual: UsualDurations.nullable(),
  /** 99 of 100 such executions have ended by then; `null` once it has ended, or where nothing is known. */
  expectedBy: Timestamp.nullable(),
  /** As `getProgress` tells it; `null` where nothing is reported, nor to be estimated. */
  progress: Progress.nullable(),
  origin: Origin,
  /** What its user is called; `null` where that is not known. */
  userName: z.string().nullable(),
  /** Names its kind of failure, as `getTopFailures` does. */
  failureGroup: z.string().nullable(),
  /** Size as JSON text, in bytes; `null` without a payload. */
  inputBytes: z.number().int().nullable(),
  outputBytes: z.number().int().nullable(),
  /** `left_out`: `input`, `output`, `failure` and `stateSnapshot` are `null` because they were not asked for. */
  payloads: z.enum(['included', 'left_out']),
});

/** Everything that the page of one execution shows. */
export const ExecutionDetails = z.intersection(ExecutionWithWorkflow, DetailsOnly);
export type ExecutionDetails = ExecutionWithWorkflow & z.infer<typeof DetailsOnly>;
