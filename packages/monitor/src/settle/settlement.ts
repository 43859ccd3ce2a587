import type { OpenRun, Outcome, Resolution, UnsettledExecution } from '@runledger/contracts';
import { EMPTY_OUTCOME } from '@runledger/contracts';
import { lackingParts } from './lacking-parts.ts';
import { microseconds } from './microseconds.ts';

/** What is to be done about an execution, given what the ledger holds and what the engine says. */
export type Settlement =
  | { kind: 'record_outcome'; outcome: Outcome }
  | { kind: 'record_open'; open: OpenRun; takeBackRevision?: number }
  /** A report says it ended, the engine says it runs, and the report is too young to be taken back. */
  | { kind: 'wait'; open: OpenRun; forMs: number }
  /** The row is right. */
  | { kind: 'keep'; open: OpenRun }
  /** It was settled before, and lacks a part that the engine still has. */
  | { kind: 'complete'; outcome: Outcome }
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
export function settlementOf(
  row: UnsettledExecution,
  resolution: Resolution,
  { reportGraceMs }: SettlementOptions,
): Settlement {
  switch (resolution.kind) {
    case 'closed':
      if (row.authority === 'engine' && resolution.outcome.runId === row.closingRunId) {
        return lackingParts(row, resolution.outcome).length > 0
          ? { kind: 'complete', outcome: resolution.outcome }
          : { kind: 'settled' };
      }
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
    const isKnown =
      row.status === 'running' &&
      row.currentRunId === open.runId &&
      row.firstRunId !== null &&
      lackingParts(row, open).length === 0;
    return isKnown ? { kind: 'keep', open } : { kind: 'record_open', open };
  }
  const forMs = reportGraceMs - row.reportedForMs;
  // A cancel that came before the first run was known does not report about a run: the start got through.
  // Nor is what was said of an execution that the engine did not know: it knows it again.
  if (forMs > 0 && row.firstRunId !== null && row.lostAt === null) return { kind: 'wait', open, forMs };
  return { kind: 'record_open', open, takeBackRevision: row.revision };
}

/**
 * Registered without a run id, under a workflow id that was used before: what closed before the registration is another
 * execution. Temporal's clock and the database's are compared here; `runledger doctor` says how far they differ.
 */
function isEarlierExecution(row: UnsettledExecution, outcome: Outcome): boolean {
  if (row.firstRunId !== null) return false;
  return microseconds(outcome.closedAt) < microseconds(row.registeredAt ?? row.startedAt);
}

/** A cancel before the start, and no start came through: the engine's silence confirms it. */
function neverStarted(row: UnsettledExecution): Settlement | null {
  if (row.status !== 'cancelled' || row.firstRunId !== null || row.reportedAt === null) return null;
  if ((row.reportedForMs ?? 0) < NEVER_STARTED_AFTER_MS) return null;
  return {
    kind: 'record_outcome',
    outcome: {
      ...EMPTY_OUTCOME,
      status: 'cancelled',
      closedAt: row.reportedAt,
      errorMessage: `Cancelled before it was started${row.cancelReason ? `: ${row.cancelReason}` : ''}`,
      actor: row.cancelRequestedBy,
      reason: row.cancelReason,
    },
  };
}

/** Which run the engine calls the first of the chain; `null` where it does not know the execution. */
export function firstRunOf(resolution: Resolution): string | null {
  if (resolution.kind === 'open') return resolution.open.firstRunId;
  return resolution.kind === 'closed' ? resolution.outcome.firstRunId : null;
}
