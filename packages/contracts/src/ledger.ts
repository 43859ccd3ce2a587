import type { AdoptAnswer, AdoptRun } from './adoption.ts';
import type { Execution } from './execution.ts';
import type { Json } from './json.ts';
import type { OpenRun, Outcome, RecordAnswer, TransitionSource } from './outcome.ts';
import type { Health, LedgerFigures, OwnFigures, Proof, UnprovenNamespace } from './proof.ts';
import type { QuotaUse } from './quota.ts';
import type { Authority, ExecutionStatus, TerminalStatus } from './status.ts';
import type { ExecutionStory } from './story.ts';
import type { ReadTimeline } from './timeline.ts';
import type { UserBatch, UserHoldings, UserSync } from './user.ts';
import type { Workflow, WorkflowSync } from './workflow.ts';

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

/** An execution that the monitor has to follow, or one that is settled and may have been reset. */
export interface UnsettledExecution {
  executionId: string;
  /** `workflows.id`: what its usual run time is known by. */
  definitionId: string;
  namespace: string;
  workflowId: string;
  firstRunId: string | null;
  currentRunId: string | null;
  /** The run that ended it; `null` while it is open. */
  closingRunId: string | null;
  status: ExecutionStatus;
  /** Who says that it ended; `null` while it is open. `engine` means settled. */
  authority: Authority | null;
  startedAt: string;
  /** When it was registered; `null` once its first run is known. */
  registeredAt: string | null;
  engineStartedAt: string | null;
  firstTaskAt: string | null;
  runCount: number;
  /** It was registered without its input (adopted, for one), and nobody has read it from the engine yet. */
  lacksInput: boolean;
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
  /** What that check found; `null`: never checked, or not read with this row. */
  health: Health | null;
  /** Since when it is settled although the engine does not know it; `null` for every other. */
  lostAt: string | null;
  revision: number;
}

/** A run of a chain as a feed names it. */
export interface RunKey {
  workflowId: string;
  runId: string;
}

/** What the ledger knows of one run. */
export interface FoundRun {
  /** The run's end, or a later run of its chain, is recorded: there is nothing to do. */
  isRecorded: boolean;
  /** The run is one that the ledger knows of. */
  isKnown: boolean;
  /** The execution it belongs to; for an unknown run the newest one with its workflow id, whose it may be. */
  execution: UnsettledExecution | null;
}

/** How long a workflow's executions took, from the latest 500 that completed. */
export interface UsualDuration {
  definitionId: string;
  /** How many there were. */
  sample: number;
  /** 0 %, 5 %, …, 95 %, 99 % and 100 % of them took at most so long, in milliseconds. */
  quantilesMs: number[];
}

/** An execution whose history is to be condensed. */
export interface PendingTimeline {
  executionId: string;
  namespace: string;
  workflowId: string;
  /** Known runs of the chain, oldest first; the last one closed it. */
  runIds: string[];
  /** The row's closing run: a reset in between makes a timeline of it stale. */
  closingRunId: string;
}

/** A timeline that was read, or in how many milliseconds it is to be tried again. */
export type SaveTimeline = { pending: PendingTimeline } & ({ timeline: ReadTimeline } | { retryInMs: number });

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

export interface FirstRunAnswer {
  result: 'corrected' | 'merged' | 'unchanged' | 'not_found' | 'conflict';
  executionId: string;
}

/** How an execution ended that the engine does not know, by somebody's word. */
export interface EndLost {
  executionId: string;
  /** Of an execution that is open; what a report ended before keeps its status. */
  status: TerminalStatus;
  reason: string;
  actor: string;
  /** Default `user`. `reconciler`: nobody ended it, and a report that came before stands. */
  source?: Extract<TransitionSource, 'user' | 'reconciler'>;
  /** The row's revision before the engine was asked just now, and did not know it: then its last check need not say so. */
  unknownAtRevision?: number;
}

/** Which executions a search for lost ones finds. */
export interface LostRequest {
  limit: number;
  /** Asked for at least so long ago, in milliseconds. */
  olderThanMs: number;
  /** Every unsettled one: the namespace is gone, so that nothing of it is known. Default `false`. */
  all?: boolean;
  /** The last one of the page before. */
  after?: UnsettledExecution;
}

export interface SaveCheck {
  executionId: string;
  health: Health;
  reason: string | null;
  /** The one thing that is safe to do about it; `null` where nothing needs doing. */
  remedy: string | null;
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

/**
 * The ledger as the monitor and the router use it: needs the service role. Everything is guarded and idempotent, so a
 * repeated, late or concurrent call is harmless.
 */
/** A number in which the counters and a recount of the executions differ. There are none, unless somebody wrote past the triggers. */
export interface CounterDrift {
  /** `null`: of all users. */
  userId: string | null;
  /** `null`: of all workflows of the user. */
  workflowId: string | null;
  grain: 'hour' | 'day' | 'life';
  /** `null` for the whole life. */
  startsAt: string | null;
  /** A status, `duration_sum`, `queue 17` (a bucket of the histogram), `verdict good`, … */
  field: string;
  counted: number;
  recounted: number;
}

/** Whose counters: a user's, a workflow's, a pair's; everybody's where neither is named. */
export interface CountingScope {
  userId?: string;
  workflowId?: string;
}

export interface DriftOptions {
  /** How many have been gone through. */
  onProgress?(checked: { users: number; workflows: number }): void;
}

export interface Ledger {
  /**
   * Admits one execution and inserts it as `pending`, in one call.
   * @throws `not_found` (workflow), `not_startable` (archived), `unknown_user`, `conflict` (idempotency key),
   *   `quota_exceeded`
   */
  admit(request: AdmitRequest): Promise<{ execution: Execution; created: boolean }>;
  /**
   * The limits that apply to a user and what is used of them: in a workflow, or without one all that there are for the
   * user in their own and published workflows.
   */
  quotas(userId: string, workflowId?: string): Promise<QuotaUse[]>;
  /** Records what the engine says is open: a start, a new run, a reset, or that a report was wrong. */
  recordOpen(items: RecordOpen[]): Promise<RecordAnswer[]>;
  /** Records engine outcomes. At most 1,000 a call. */
  recordOutcomes(items: RecordOutcome[]): Promise<RecordAnswer[]>;
  /**
   * Says which run Temporal calls the first of an execution's chain. Where another execution has that chain already the two
   * become one, and `executionId` is the one that stays; `conflict`: they belong to different users, and nothing changed.
   */
  correctFirstRun(executionId: string, firstRunId: string, source: TransitionSource): Promise<FirstRunAnswer>;
  /** Notes a cancel request. A pending execution that nothing has started yet is `cancelled` by it. */
  requestCancel(executionId: string, by: string, reason: string): Promise<RecordAnswer>;
  /** What the ledger knows of these runs, in their order. At most 1,000. */
  findRuns(namespace: string, runs: RunKey[]): Promise<FoundRun[]>;
  /** Makes executions of runs that were started elsewhere. Answers in their order. At most 1,000. */
  adopt(runs: AdoptRun[]): Promise<AdoptAnswer[]>;
  /** Unsettled executions, youngest first: what there is to watch. `after` is the last one of the page before. */
  unsettled(namespace: string, limit: number, after?: UnsettledExecution): Promise<UnsettledExecution[]>;
  /** Unsettled executions whose check is due, oldest check first. */
  dueChecks(namespace: string, limit: number): Promise<UnsettledExecution[]>;
  saveChecks(checks: SaveCheck[]): Promise<void>;
  /**
   * Ends executions that the engine does not know, and settles those that a report ended before: `applied`;
   * `already_terminal` for what is settled; `conflict` for what the engine may still know, and what it may still be asked to start.
   */
  endLost(items: EndLost[]): Promise<RecordAnswer[]>;
  /** Executions that the engine does not know by their last check, and those not started in time; youngest first. */
  lost(namespace: string, request: LostRequest): Promise<UnsettledExecution[]>;
  /** Usual durations of workflows; those of which nothing has completed yet are left out. */
  usualDurations(definitionIds: string[]): Promise<UsualDuration[]>;
  /** Ended executions whose timeline is still to be made, oldest end first. */
  pendingTimelines(namespace: string, limit: number): Promise<PendingTimeline[]>;
  /**
   * Keeps timelines and the counts of activities, and puts off what could not be read. What was reset or deleted
   * meanwhile is passed over. Returns how many were kept.
   */
  saveTimelines(items: SaveTimeline[]): Promise<number>;
  /** Everything the ledger holds of one execution; `null` when there is none. By row id or Temporal workflow id. */
  story(id: string): Promise<ExecutionStory | null>;
  /** What the database counts for the proof. */
  figures(namespace: string): Promise<LedgerFigures>;
  /** The unsettled executions of one user, counted. */
  ownFigures(userId: string, namespace: string): Promise<OwnFigures>;
  /** Namespaces with unsettled executions that nobody follows. */
  unprovenNamespaces(): Promise<UnprovenNamespace[]>;
  /** Pending executions that wait for a start for longer than `olderThanMs` and may still be started. */
  pendingStarts(namespace: string, olderThanMs: number, limit: number): Promise<PendingStart[]>;
  /** Unsettled executions of the given ids. */
  unsettledByIds(namespace: string, executionIds: string[]): Promise<UnsettledExecution[]>;
  /** Changes after a cursor (`null`: from now on), and the cursor to go on with. */
  changesSince(cursor: string | null, limit: number): Promise<{ changes: ExecutionChange[]; cursor: string }>;
  /** Where a feed has got to, by server time; `null` before its first turn. */
  watermark(namespace: string, name: string): Promise<string | null>;
  /** Only ever moves forward. */
  saveWatermark(namespace: string, name: string, value: string): Promise<void>;
  publishProof(namespace: string, proof: Proof): Promise<void>;
  getProof(namespace: string): Promise<Proof | null>;
  /** Removes changes older than an hour and idempotency keys that have expired, in parts; returns how many. */
  trimChanges(): Promise<number>;
  /** Folds at most so many counted changes into the counters' cells; answers how many, or -1 while somebody else folds. */
  fold(limit: number): Promise<number>;
  /**
   * Recounts everything (of a user, of a workflow) in parts, each in a snapshot of its own and no longer than the database
   * lets a statement take: by users, then by workflows, and by days where one alone is too large.
   */
  findDrift(scope?: CountingScope, options?: DriftOptions): Promise<CounterDrift[]>;
  /** Sets right what `findDrift` finds, in the same parts; answers how many numbers that were. */
  repairDrift(scope?: CountingScope, options?: DriftOptions): Promise<number>;
  /** Goes on through the host's users, at most so many in a call: adds who is missing, marks who has left. */
  syncUsers(limit: number): Promise<UserSync>;
  /** Compares at most so many rows with the host's own table of definitions: what triggers missed, and views. */
  syncWorkflows(limit: number): Promise<WorkflowSync>;
  /** Why the host's own tables cannot be followed, one sentence each, as the last syncs found. */
  hostProblems(): Promise<string[]>;
  /** Deletes what is of users who left, and moves what is of those with a new id: at most so many executions of one user. */
  settleUsers(limit: number): Promise<UserBatch>;
  /** What `forgetUser` would delete; `null`: there is no such user. */
  describeUser(userId: string): Promise<UserHoldings | null>;
  /**
   * Forgets a user: nobody reads with their token any more, nothing new is admitted, and this and the next calls delete at most so
   * many executions each, until it is `done`. @throws `not_found`
   */
  forgetUser(userId: string, limit: number): Promise<UserBatch>;
  /** Answers when the database does. @throws `ledger_unavailable`, `schema_outdated` */
  ping(): Promise<void>;
}
