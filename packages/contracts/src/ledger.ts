import type { Execution } from './execution.ts';
import type { Json } from './json.ts';
import type { OpenRun, Outcome, RecordAnswer, TransitionSource } from './outcome.ts';
import type { ExecutionStatus } from './status.ts';
import type { Workflow } from './workflow.ts';

/** What the router asks the ledger to admit. The row's id becomes the Temporal workflow id. */
export interface AdmitRequest {
  workflow: Workflow;
  userId: string;
  input: Json | null;
  tags: string[];
  metadata: Record<string, Json>;
  /** The same key with the same input within 24 hours gives the same execution; with another input, `conflict`. */
  idempotencyKey: string | null;
  /** How long from now the ledger may still start it itself, in milliseconds. */
  startWithinMs: number;
}

/** An execution that the monitor has to follow. */
export interface UnsettledExecution {
  executionId: string;
  namespace: string;
  workflowId: string;
  firstRunId: string | null;
  currentRunId: string | null;
  status: ExecutionStatus;
  startedAt: string;
  /** When a report ended it; `null` while it is open. */
  reportedAt: string | null;
  /** Age of that report in milliseconds by the database's clock, as of this read; `null` while it is open. */
  reportedForMs: number | null;
  cancelRequestedAt: string | null;
  cancelRequestedBy: string | null;
  cancelReason: string | null;
  /** The ledger may start it until then; `null`: it only follows. */
  startBy: string | null;
  /** By the database's clock, as of this read. */
  isPastStartBy: boolean;
  /** When the reconciler last asked the engine about it; `null`: never yet. */
  lastCheckAt: string | null;
  revision: number;
}

/** A pending execution that the ledger has to start; `startBy` is in the future. */
export interface PendingStart {
  executionId: string;
  namespace: string;
  workflowId: string;
  workflowType: string;
  taskQueue: string;
  input: Json | null;
  executionTimeout: string | null;
  runTimeout: string | null;
  retryPolicy: Workflow['retryPolicy'];
  userId: string;
}

export interface RecordOutcome {
  executionId: string;
  source: TransitionSource;
  outcome: Outcome;
}

export interface RecordOpen {
  executionId: string;
  source: TransitionSource;
  open: OpenRun;
  /**
   * Takes a report back: the engine said "open" although a report had ended the row. Holds the revision of the row that
   * was read *before* the engine was asked, so that a report that came in between is never taken back by an older answer.
   * Without it, a row that a report ended stays as it is.
   */
  takeBackRevision?: number;
}

/** Health of an unsettled execution; never a status. */
export type Health = 'live' | 'late' | 'wedged' | 'cancelling' | 'lost';

export interface SaveCheck {
  executionId: string;
  health: Health;
  reason: string | null;
  /** In how many milliseconds it is due again. */
  nextCheckInMs: number;
}

export interface ExecutionChange {
  executionId: string;
  userId: string;
  workflowId: string;
  revision: number;
  deleted: boolean;
}

/** What the reconciler publishes about one namespace. */
export interface Proof {
  /** ISO 8601. */
  at: string;
  unsettled: number;
  /** Rows that the last pass found to differ from the engine, and repaired. */
  diverged: number;
  /** Oldest check among unsettled executions, ISO 8601; `null` without any. */
  oldestCheckAt: string | null;
  /** Longest close → recorded of the last hour in milliseconds; `null` when nothing ended. */
  worstLagMs: number | null;
}

/**
 * The ledger as the monitor and the router use it: needs the service role. Everything is guarded and idempotent, so a
 * repeated, late or concurrent call is harmless.
 */
export interface Ledger {
  /**
   * Admits one execution and inserts it as `pending`, in one call.
   * @throws `not_found` (workflow), `not_startable` (archived), `unknown_user`, `conflict` (idempotency key)
   */
  admit(request: AdmitRequest): Promise<{ execution: Execution; created: boolean }>;
  /** Records what the engine says is open: a start, a new run, a reset, or that a report was wrong. */
  recordOpen(items: RecordOpen[]): Promise<RecordAnswer[]>;
  /** Records engine outcomes. At most 1,000 a call. */
  recordOutcomes(items: RecordOutcome[]): Promise<RecordAnswer[]>;
  /** Notes a cancel request. A pending execution that nothing has started yet is `cancelled` by it. */
  requestCancel(executionId: string, by: string, reason: string): Promise<RecordAnswer>;
  /** Of these runs, those that belong to no recorded execution. */
  unknownRuns(namespace: string, runIds: string[]): Promise<string[]>;
  /** Unsettled executions, youngest first: what there is to watch. */
  unsettled(namespace: string, limit: number): Promise<UnsettledExecution[]>;
  /** Unsettled executions whose check is due, oldest check first. */
  dueChecks(namespace: string, limit: number): Promise<UnsettledExecution[]>;
  saveChecks(checks: SaveCheck[]): Promise<void>;
  /** Pending executions that wait for a start for longer than `olderThanMs` and may still be started. */
  pendingStarts(namespace: string, olderThanMs: number, limit: number): Promise<PendingStart[]>;
  /** Unsettled executions of the given ids. */
  unsettledByIds(namespace: string, executionIds: string[]): Promise<UnsettledExecution[]>;
  /** Changes after a cursor (`null`: from now on), and the cursor to go on with. */
  changesSince(cursor: string | null, limit: number): Promise<{ changes: ExecutionChange[]; cursor: string }>;
  watermark(namespace: string, name: string): Promise<string | null>;
  saveWatermark(namespace: string, name: string, value: string): Promise<void>;
  publishProof(namespace: string, proof: Proof): Promise<void>;
  getProof(namespace: string): Promise<Proof | null>;
  /** Removes changes older than an hour; returns how many. */
  trimChanges(): Promise<number>;
  /** Answers when the database does. @throws `ledger_unavailable`, `schema_outdated` */
  ping(): Promise<void>;
}
