import type { Failure } from './failure.ts';
import type { Json } from './json.ts';
import type { Resolution } from './outcome.ts';
import type { ReadTimeline } from './timeline.ts';
import type { RetryPolicy } from './workflow.ts';

/** One execution in Temporal. */
export interface EngineTarget {
  namespace: string;
  temporalWorkflowId: string;
  /** First run id of the chain, where it is known. Guards against a workflow id that was used again. */
  firstRunId: string | null;
  /** What the ledger holds already. Only spares calls to Temporal, and finds a chain whose first run is gone. */
  known?: {
    /** The newest run; every run before it is in the ledger too, and is not read again. */
    runId: string | null;
    /** Whether it knows who asked that run to cancel. */
    cancel: boolean;
    /** `false`: it has no input of this execution yet, and wants the one that the first run was given. */
    input?: boolean;
  };
  /** Reads every part, also those that the ledger should have. Default `false`. */
  whole?: boolean;
}

export interface StartRequest {
  namespace: string;
  temporalWorkflowId: string;
  workflowType: string;
  taskQueue: string;
  /** Handed to the workflow as its one argument. */
  input: Json | null;
  executionTimeout: string | null;
  runTimeout: string | null;
  /** How long Temporal waits before the first workflow task, in milliseconds. Default: not at all. */
  startDelayMs?: number | null;
  retryPolicy: RetryPolicy | null;
  /** Shown in Temporal: whose execution it is. */
  userId: string;
}

export type StartResult =
  /** It runs, or ran: this call or an earlier one with the same id started it. */
  | { kind: 'started'; firstRunId: string; engineStartedAt: string | null; alreadyStarted: boolean }
  /** Temporal refused for good (unknown namespace, invalid argument, payload too large, …). Nothing was started. */
  | { kind: 'refused'; failure: Failure };

/** Who asks for a cancel or terminate, and why; Temporal keeps both. */
export interface ControlRequest {
  actor: string;
  reason: string;
  /** Only this run: where the chain has gone on since, nothing is asked for. Default: the run that is open. */
  runId?: string;
}

/** `already_closed`: the chain is over. `gone_on`: the run that was named is over, and the chain goes on in another. */
export type ControlResult = 'requested' | 'already_closed' | 'gone_on' | 'not_found';

/** A signal to a workflow, in its user's name. */
export interface SignalRequest {
  actor: string;
  name: string;
  /** Handed to the signal's handler as its one argument; without it there is none. */
  input?: Json;
  /** Temporal takes a signal with the same id once for each run. */
  requestId: string;
}

/** Asks for an execution to go on anew from an earlier point. */
export interface ResetRequest {
  actor: string;
  reason: string;
  /** Which completed workflow task of the newest run it goes on from. */
  to: 'first' | 'last';
  /** Temporal takes a reset with the same id once. */
  requestId: string;
}

export type ResetResult =
  | { kind: 'reset'; runId: string }
  /** `superseded`: the workflow id was used again since. `no_task`: it never got as far as a workflow task. */
  | { kind: 'not_found' | 'superseded' | 'no_task' };

/** A run that Temporal knows, and the chain it belongs to. */
export interface RunDescription {
  runId: string;
  /** First run id of its chain. */
  firstRunId: string;
  workflowType: string;
  taskQueue: string | null;
  /** ISO 8601. */
  startedAt: string;
  isOpen: boolean;
}

/** What a check of the set-up needs to know of a namespace. */
export interface NamespaceFacts {
  /** How long Temporal keeps a closed workflow, in milliseconds. */
  retentionMs: number;
  /** Names of the search attributes it has, to their types (`Keyword`). Without Temporal's own. */
  searchAttributes: Record<string, string>;
  serverVersion: string;
}

/**
 * Temporal as the ledger uses it. Every call has a deadline.
 * Throws `ExecutionError` `engine_unavailable` when Temporal cannot be reached or did not answer, `engine_throttled` when
 * it limits the calls, `engine_refused` when
 * it refused for good.
 */
export interface Engine {
  /** Starts under the given id, never twice: an id that is taken is ours, and is described. */
  start(request: StartRequest): Promise<StartResult>;
  cancel(target: EngineTarget, request: ControlRequest): Promise<ControlResult>;
  terminate(target: EngineTarget, request: ControlRequest): Promise<ControlResult>;
  signal(target: EngineTarget, request: SignalRequest): Promise<ControlResult>;
  reset(target: EngineTarget, request: ResetRequest): Promise<ResetResult>;
  /** Reads how the execution stands from describe and history. */
  resolve(target: EngineTarget): Promise<Resolution>;
  /** The run of that id, or the newest of the workflow id where it is `null`; `null`: Temporal knows none. */
  describeRun(run: {
    namespace: string;
    temporalWorkflowId: string;
    runId: string | null;
  }): Promise<RunDescription | null>;
  /**
   * Reads what the runs of a chain did, oldest run first, in pages, within the bounds of `TIMELINE_STEPS` and
   * `TIMELINE_BYTES`. `missing` when Temporal has none of them any more.
   */
  readTimeline(chain: { namespace: string; temporalWorkflowId: string; runIds: string[] }): Promise<ReadTimeline>;
  /** Retention and search attributes of a namespace. @throws `engine_refused` where it does not exist */
  describeNamespace(namespace: string): Promise<NamespaceFacts>;
  /** `false` only where Temporal says that there is no such namespace. @throws `engine_unavailable` */
  hasNamespace(namespace: string): Promise<boolean>;
  /** Answers when the frontend does. @throws `engine_unavailable` */
  ping(): Promise<void>;
}
