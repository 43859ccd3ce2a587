import type { TransitionSource } from '../outcome.ts';
import type { TerminalStatus } from '../status.ts';
import type { RecordAnswer } from './record-answer.ts';
import type { UnsettledExecution } from './unsettled-execution.ts';

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

/** Ends what the engine does not know. */
export interface LossLedger {
  /**
   * Ends executions that the engine does not know, and settles those that a report ended before: `applied`;
   * `already_terminal` for what is settled; `conflict` for what the engine may still know, and what it may still be asked to start.
   */
  endLost(items: EndLost[]): Promise<RecordAnswer[]>;
}

/** Ends executions by somebody's word. */
export interface EndLedger extends LossLedger {
  /** Notes a cancel request. A pending execution that nothing has started yet is `cancelled` by it. */
  requestCancel(executionId: string, by: string, reason: string): Promise<RecordAnswer>;
}

/** Finds what the engine does not know. */
export interface LostLedger {
  /** Executions that the engine does not know by their last check, and those not started in time; youngest first. */
  lost(namespace: string, request: LostRequest): Promise<UnsettledExecution[]>;
}
