import type { Failure } from './failure.ts';
import type { Json } from './json.ts';
import type { Resolution } from './outcome.ts';
import type { RetryPolicy } from './workflow.ts';

/** One execution in Temporal. */
export interface EngineTarget {
  namespace: string;
  workflowId: string;
  /** First run id of the chain, where it is known. Guards against a workflow id that was used again. */
  firstRunId: string | null;
}

export interface StartRequest {
  namespace: string;
  workflowId: string;
  workflowType: string;
  taskQueue: string;
  /** Handed to the workflow as its one argument. */
  input: Json | null;
  executionTimeout: string | null;
  runTimeout: string | null;
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
}

export type ControlResult = 'requested' | 'already_closed' | 'not_found';

/**
 * Temporal as the ledger uses it. Every call has a deadline.
 * Throws `ExecutionError` `engine_unavailable` when Temporal cannot be reached or did not answer, `engine_refused` when
 * it refused for good.
 */
export interface Engine {
  /** Starts under the given id, never twice: an id that is taken is ours, and is described. */
  start(request: StartRequest): Promise<StartResult>;
  cancel(target: EngineTarget, request: ControlRequest): Promise<ControlResult>;
  terminate(target: EngineTarget, request: ControlRequest): Promise<ControlResult>;
  /** Reads how the execution stands from describe and history. */
  resolve(target: EngineTarget): Promise<Resolution>;
  /** Answers when the frontend does. @throws `engine_unavailable` */
  ping(): Promise<void>;
}
