import type { OpenRun, Outcome, Resolution, UnsettledExecution } from '@runledger/contracts';

/** What is to be done about an execution, given what the ledger holds and what the engine says. */
export type Settlement =
  | { kind: 'record_outcome'; outcome: Outcome }
  | { kind: 'record_open'; open: OpenRun; takeBackRevision?: number }
  /** A report says it ended, the engine says it runs, and the report is too young to be taken back. */
  | { kind: 'wait'; open: OpenRun; forMs: number }
  /** The row is right. */
  | { kind: 'keep'; open: OpenRun }
  /** It was settled before, and the engine says nothing else. */
  | { kind: 'settled' }
  | { kind: 'unknown'; reason: string };

export interface SettlementOptions {
  /** How old a report must be before an engine that says "open" outweighs it, in milliseconds. */
  reportGraceMs: number;
}

/**
 * Workers report before the close is committed, so a young report against an open engine proves nothing. And
 * whoever was starting an execution when its cancel came needs longer than any call's deadline to get through.
 */
export const NEVER_STARTED_AFTER_MS = 60_000;

/** Pure: what the row needs so that it says what the engine says. */
export function settle(
  row: UnsettledExecution,
  resolution: Resolution,
  { reportGraceMs }: SettlementOptions,
): Settlement {
  switch (resolution.kind) {
    case 'closed':
      if (row.authority === 'engine' && resolution.outcome.runId === row.closingRunId) return { kind: 'settled' };
      return isEarlierExecution(row, resolution.outcome)
        ? { kind: 'unknown', reason: 'Temporal knows only an earlier execution with this workflow id' }
        : { kind: 'record_outcome', outcome: resolution.outcome };
    case 'not_found':
      // What the engine forgets later does not change what it said.
      if (row.authority === 'engine' || row.lostAt !== null) return { kind: 'settled' };
      return neverStarted(row) ?? { kind: 'unknown', reason: resolution.reason };
    case 'open':
      // A reset.
      if (row.authority === 'engine') return { kind: 'record_open', open: resolution.open };
      return settleOpen(row, resolution.open, reportGraceMs);
  }
}

function settleOpen(row: UnsettledExecution, open: OpenRun, reportGraceMs: number): Settlement {
  if (row.reportedForMs === null) {
    const isKnown = row.status === 'running' && row.currentRunId === open.runId && row.firstRunId !== null;
    return isKnown ? { kind: 'keep', open } : { kind: 'record_open', open };
  }
  const forMs = reportGraceMs - row.reportedForMs;
  // A cancel that came before the first run was known is no report about a run: the start got through.
  // Nor is what was said of an execution that the engine did not know: it knows it again.
  if (forMs > 0 && row.firstRunId !== null && row.lostAt === null) return { kind: 'wait', open, forMs };
  return { kind: 'record_open', open, takeBackRevision: row.revision };
}

/**
 * Registered without a run id, under a workflow id that was used before: what ended well before it was asked for is
 * another execution. A minute allows for callers that record what has just ended, and for clocks that differ.
 */
function isEarlierExecution(row: UnsettledExecution, outcome: Outcome): boolean {
  return row.firstRunId === null && Date.parse(outcome.closedAt) < Date.parse(row.startedAt) - 60_000;
}

/** A cancel before the start, and no start came through: the engine's silence confirms it. */
function neverStarted(row: UnsettledExecution): Settlement | null {
  if (row.status !== 'cancelled' || row.firstRunId !== null || row.reportedAt === null) return null;
  if ((row.reportedForMs ?? 0) < NEVER_STARTED_AFTER_MS) return null;
  return {
    kind: 'record_outcome',
    outcome: {
      status: 'cancelled',
      runId: null,
      firstRunId: null,
      closedAt: row.reportedAt,
      engineStartedAt: null,
      firstTaskAt: null,
      output: null,
      outputNote: null,
      failure: null,
      errorMessage: `Cancelled before it was started${row.cancelReason ? `: ${row.cancelReason}` : ''}`,
      actor: row.cancelRequestedBy,
      reason: row.cancelReason,
      runs: [],
    },
  };
}

/** Whether somebody asked to cancel what the engine runs without knowing of it. */
export function mustCancel(row: Pick<UnsettledExecution, 'cancelRequestedAt'>, open: OpenRun): boolean {
  return row.cancelRequestedAt !== null && !open.cancelRequested;
}
