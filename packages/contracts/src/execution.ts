import { z } from 'zod';
import { TAG_COUNT, TAG_LIMIT } from './facts/limits.ts';
import { EXECUTION_STATUSES, OPEN_STATUSES, UNSUCCESSFUL_STATUSES } from './facts/status.ts';
import { Json, JsonObject } from './json.ts';

export const ExecutionStatus = z.enum(EXECUTION_STATUSES);
export type ExecutionStatus = z.infer<typeof ExecutionStatus>;

/**
 * A point in time as Postgres prints it: ISO 8601 with an offset and up to microseconds. Never parse it into a `Date`
 * to hand it back: a `Date` keeps milliseconds only, and a cursor or a guard built from it skips rows.
 */
export const Timestamp = z.string();
export type Timestamp = z.infer<typeof Timestamp>;

const identity = {
  /** uuid v7, made by the ledger; the Temporal workflow id of executions that the router started. */
  id: z.uuid(),
  workflowId: z.uuid(),
  /** The user it belongs to. */
  createdBy: z.string(),
  engine: z.enum(['temporal', 'none']),
  temporalNamespace: z.string().nullable(),
  temporalWorkflowId: z.string().nullable(),
  /** The first run of the chain. */
  temporalRunId: z.string().nullable(),
  currentRunId: z.string().nullable(),
  /** Runs in the chain: 1 plus its retries, continue-as-news, cron iterations and resets. */
  runCount: z.number().int(),
  /** When it was asked for; for adopted executions the engine's start. */
  startedAt: Timestamp,
  engineStartedAt: Timestamp.nullable(),
  firstTaskAt: Timestamp.nullable(),
  activitiesExecuted: z.number().int().nullable(),
  /** What the business makes of the outcome, beside the status. */
  verdict: z.string().nullable(),
  tags: z.array(z.string()),
  metadata: JsonObject,
  cancelRequestedAt: Timestamp.nullable(),
  cancelRequestedBy: z.string().nullable(),
  cancelReason: z.string().nullable(),
  /** The ledger starts it itself until then, and never after. `null`: it only follows. */
  startBy: Timestamp.nullable(),
  /**
   * Since when it is settled although Temporal does not know it: a person or a report said how it ended. `null` for every
   * other execution.
   */
  lostAt: Timestamp.nullable(),
  /** Who ended it, or said that it has ended, where that is known; `null` while it is open. */
  endedBy: z.string().nullable(),
  /** Why they ended it, in their own words. */
  endReason: z.string().nullable(),
  /** Grows by one with every change of the row. A reader drops anything older than it has. */
  revision: z.number().int(),
};

/** What a caller gives with a new execution and its row keeps under the same name, beside the input. */
export const GivenColumns = z.object({
  tags: z.array(z.string().max(TAG_LIMIT)).max(TAG_COUNT).nullish(),
  metadata: z.record(z.string(), Json).nullish(),
});
export type GivenColumns = z.output<typeof GivenColumns>;

/** Those alone, of a request that has more. */
export function givenColumns<Given extends GivenColumns>(from: Given): Pick<Given, keyof GivenColumns> {
  const names = Object.keys(GivenColumns.shape) as (keyof GivenColumns)[];
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<Given, keyof GivenColumns>;
}

const open = {
  status: z.enum(OPEN_STATUSES),
  outcomeAuthority: z.null(),
  closingRunId: z.null(),
  completedAt: z.null(),
  durationMs: z.null(),
  recordedAt: z.null(),
  errorMessage: z.string().nullable(),
};

const ended = {
  outcomeAuthority: z.enum(['engine', 'reported']),
  /** The run that ended it; `null` for direct executions and for starts that were refused. */
  closingRunId: z.string().nullable(),
  /** The engine's close time; for reports and direct executions, what the caller said or the time of the report. */
  completedAt: Timestamp,
  /**
   * Run time in milliseconds, from the engine's start (else the request) to the end; `null` where nobody knows when it ended:
   * Temporal had lost it (`lostAt`).
   */
  durationMs: z.number().int().nonnegative().nullable(),
  /** When the ledger recorded this outcome. */
  recordedAt: Timestamp,
};

const completed = { ...ended, status: z.literal('completed'), errorMessage: z.string().nullable() };
const unsuccessful = { ...ended, status: z.enum(UNSUCCESSFUL_STATUSES), errorMessage: z.string() };

const payloads = {
  input: Json.nullable(),
  /** Why there is no input, or what was changed in it, although something was given; in the words of `OUTPUT_NOTES`. */
  inputNote: z.string().nullable(),
  output: Json.nullable(),
  /** Why there is no output, or not the whole, although something was returned; see `OUTPUT_NOTES`. */
  outputNote: z.string().nullable(),
  /** Structured failure. A `Failure` when the engine said it; whatever the caller passed when it was reported. */
  failure: Json.nullable(),
  stateSnapshot: Json.nullable(),
};

/** An execution without its payloads: what lists return. */
export const ExecutionSummary = z.discriminatedUnion('status', [
  z.object({ ...identity, ...open }),
  z.object({ ...identity, ...completed }),
  z.object({ ...identity, ...unsuccessful }),
]);
export type ExecutionSummary = z.infer<typeof ExecutionSummary>;

const OpenExecution = z.object({ ...identity, ...open, ...payloads });

/** One thing a user asked to run, from request to outcome. */
export const Execution = z.discriminatedUnion('status', [
  OpenExecution,
  z.object({ ...identity, ...completed, ...payloads }),
  z.object({ ...identity, ...unsuccessful, ...payloads }),
]);
export type Execution = z.infer<typeof Execution>;

/** What there is of an execution of which nothing is known but who asked for what, and when. */
export const NEW_EXECUTION = {
  temporalNamespace: null,
  temporalWorkflowId: null,
  temporalRunId: null,
  currentRunId: null,
  closingRunId: null,
  runCount: 1,
  engineStartedAt: null,
  firstTaskAt: null,
  completedAt: null,
  durationMs: null,
  recordedAt: null,
  outcomeAuthority: null,
  errorMessage: null,
  activitiesExecuted: null,
  verdict: null,
  tags: [] as string[],
  metadata: {} as Record<string, Json>,
  cancelRequestedAt: null,
  cancelRequestedBy: null,
  cancelReason: null,
  startBy: null,
  lostAt: null,
  endedBy: null,
  endReason: null,
  revision: 1,
  input: null,
  inputNote: null,
  output: null,
  outputNote: null,
  failure: null,
  stateSnapshot: null,
} satisfies Omit<z.infer<typeof OpenExecution>, 'id' | 'workflowId' | 'createdBy' | 'engine' | 'startedAt' | 'status'>;

export const WorkflowName = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string().nullable(),
  /** What it redacts, as JSON pointers into an execution: where one leads, the API answers `[redacted]`. */
  redact: z.array(z.string()),
});
export type WorkflowName = z.infer<typeof WorkflowName>;

export const ExecutionWithWorkflow = z.intersection(Execution, z.object({ workflow: WorkflowName }));
export type ExecutionWithWorkflow = Execution & { workflow: WorkflowName };
