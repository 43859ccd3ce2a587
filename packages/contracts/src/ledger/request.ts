import type { Execution } from '../execution.ts';
import type { RequestKind } from '../execution-request.ts';
import type { ProgressReport, ProgressResult } from '../progress.ts';
import type { ExecutionStatus } from '../status.ts';

/** A request to be noted before Temporal is asked. */
export interface NoteRequest {
  /** Names the request: noted once, however often it is sent. */
  id: string;
  executionId: string;
  kind: Exclude<RequestKind, 'rerun'>;
  reason?: string;
  signalName?: string;
}

/** What a request has to know of its execution. */
export type RequestedExecution = Pick<
  Execution,
  | 'id'
  | 'workflowId'
  | 'engine'
  | 'status'
  | 'temporalNamespace'
  | 'temporalWorkflowId'
  | 'temporalRunId'
  | 'currentRunId'
  | 'outcomeAuthority'
  | 'lostAt'
  | 'startedAt'
  | 'cancelRequestedAt'
  | 'revision'
>;

export interface NotedRequest {
  /** `false`: a direct execution, or one that has ended. */
  noted: boolean;
  /** Before the request: a cancel ends what was not started. */
  statusBefore: ExecutionStatus;
  cancelRequestedBefore: boolean;
  /** As it stands now. */
  execution: RequestedExecution;
}

export const DELETE_RESULTS = ['deleted', 'open', 'unsettled', 'not_found'] as const;
/** `unsettled`: a report ended it and Temporal has not confirmed that, so that it may still run. */
export type DeleteResult = (typeof DELETE_RESULTS)[number];

/** Keeps how far executions have got. */
export interface ProgressLedger {
  /**
   * Takes a report about an open execution of a user's; within a run nothing goes back.
   * @throws `not_found`
   */
  reportProgress(userId: string, executionId: string, report: ProgressReport): Promise<ProgressResult>;
}

/** Keeps what users ask of their executions. */
export interface RequestLedger {
  /**
   * Notes what a user asks of their own executions, in one call; a cancel marks the execution too, and ends what the ledger
   * has not started yet. Answers in their order, `null` where the user has no such execution. At most 1,000.
   * @throws `conflict` (an id that named something else)
   */
  noteRequests(userId: string, requests: NoteRequest[]): Promise<(NotedRequest | null)[]>;
  /** Notes what became of requests. The first answer stays. */
  answerRequests(answers: { id: string; answer: string }[]): Promise<void>;
  /** Deletes executions of a user that have ended, with all that is kept beside them. Answers in their order. At most 1,000. */
  deleteExecutions(userId: string, ids: string[]): Promise<DeleteResult[]>;
}
