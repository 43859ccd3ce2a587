import type { Execution } from '../execution.ts';
import type { OpenRun, Outcome, TransitionSource } from '../outcome.ts';
import type { RecordAnswer } from './record-answer.ts';

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

/** What came of one start: it runs, or Temporal refused it. */
export type RecordStart = { open: RecordOpen } | { outcome: RecordOutcome };

type WithoutInput<One> = One extends Execution ? Omit<One, 'input'> : never;

/** Whoever starts an execution has its input. */
export type StartedExecution = WithoutInput<Execution>;

/** Records one start for whoever waits for it. */
export interface StartedLedger {
  /** Like `recordOpen` or `recordOutcomes` with one item, and answers the row too; `null`: it was deleted meanwhile. */
  recordStart(start: RecordStart): Promise<{ answer: RecordAnswer; execution: StartedExecution | null }>;
}

export interface FirstRunAnswer {
  result: 'corrected' | 'merged' | 'unchanged' | 'not_found' | 'conflict';
  executionId: string;
}

/** How somebody wished an execution to stop: with its workflow's consent, or without. */
export type StopKind = 'cancel' | 'terminate';

export interface StopLedger {
  /**
   * Which request marked an execution as `cancelRequestedAt`. Both mark what was not started as far as the ledger knew; where it
   * runs all the same, it is stopped in the way that was asked for.
   */
  stopKind(executionId: string, cancelRequestedAt: string): Promise<StopKind>;
}

/** Records what the engine says of executions. */
export interface OutcomeLedger extends StopLedger {
  /** Records what the engine says is open: a start, a new run, a reset, or that a report was wrong. */
  recordOpen(items: RecordOpen[]): Promise<RecordAnswer[]>;
  /** Records engine outcomes. At most 1,000 a call. */
  recordOutcomes(items: RecordOutcome[]): Promise<RecordAnswer[]>;
}

/** Records what the engine says, also of which chain an execution is. */
export interface RecordLedger extends OutcomeLedger {
  /**
   * Says which run Temporal calls the first of an execution's chain. Where another execution has that chain already the two
   * become one, and `executionId` is the one that stays; `conflict`: they belong to different users, and nothing changed.
   */
  correctFirstRun(executionId: string, firstRunId: string, source: TransitionSource): Promise<FirstRunAnswer>;
}
