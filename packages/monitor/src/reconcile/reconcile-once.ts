import type {
  Engine,
  ExecutionPart,
  ExecutionStatus,
  Outcome,
  RecordLedger,
  Resolution,
  UnsettledExecution,
  UnsettledLedger,
} from '@runledger/contracts';
import { recordAtOnce } from '@runledger/starting';
import type { Logger } from 'pino';
import { inParallel } from '../pacing/in-parallel.ts';
import { isAway } from '../pacing/loop.ts';
import { engineTarget } from '../settle/engine-target.ts';
import { lackingParts } from '../settle/lacking-parts.ts';
import type { Settle } from '../settle/settle.ts';
import { createSettle } from '../settle/settle.ts';
import { firstRunOf, settlementOf } from '../settle/settlement.ts';

export { engineTarget };

/** Executions read in one call. */
const PAGE = 200;
/** As long as the monitor waits before it takes a report back. */
const REPORT_GRACE_MS = 10_000;

/** How the ledger's word about an execution compares with Temporal's. */
export type Comparison =
  | { kind: 'agrees' }
  /** Temporal says what the report said; the ledger has not noted that yet. */
  | { kind: 'unconfirmed'; temporal: TemporalWord }
  /** A report says that it ended, Temporal that it runs, and the report is so young that both may be right. */
  | { kind: 'young_report'; forMs: number }
  /** Temporal was not asked to start it yet, or did not get the request. */
  | { kind: 'not_started'; reason: string }
  | { kind: 'differs'; temporal: TemporalWord }
  /** The status is right; these parts are not in the ledger yet. */
  | { kind: 'lacks'; parts: ExecutionPart[] }
  /** It was registered by a later run of its chain; Temporal calls another the first. */
  | { kind: 'registered_late'; firstRunId: string }
  /** Temporal does not know what it should: there is nothing to repair it from. */
  | { kind: 'unknown'; reason: string };

/** What Temporal says. */
export interface TemporalWord {
  status: ExecutionStatus;
  runId: string | null;
  /** ISO 8601; `null` while it is open. */
  closedAt: string | null;
  message: string | null;
}

/** Pure: compares a row with what Temporal says. */
export function compare(row: UnsettledExecution, resolution: Resolution): Comparison {
  const settlement = settlementOf(row, resolution, { reportGraceMs: REPORT_GRACE_MS });
  const firstRunId = firstRunOf(resolution);
  if (row.firstRunId !== null && firstRunId !== null && firstRunId !== row.firstRunId) {
    return { kind: 'registered_late', firstRunId };
  }
  switch (settlement.kind) {
    case 'complete':
      return { kind: 'lacks', parts: lackingParts(row, settlement.outcome) };
    case 'keep':
    case 'settled':
      return { kind: 'agrees' };
    case 'wait':
      return { kind: 'young_report', forMs: settlement.forMs };
    case 'unknown':
      return { kind: row.firstRunId === null ? 'not_started' : 'unknown', reason: settlement.reason };
    case 'record_outcome': {
      const confirms = row.authority === 'reported' && row.status === settlement.outcome.status;
      return { kind: confirms ? 'unconfirmed' : 'differs', temporal: endWord(settlement.outcome) };
    }
    case 'record_open': {
      const { runId } = settlement.open;
      const parts = lackingParts(row, settlement.open);
      if (row.status === 'running' && row.currentRunId === runId && parts.length > 0) return { kind: 'lacks', parts };
      return { kind: 'differs', temporal: { status: 'running', runId, closedAt: null, message: null } };
    }
  }
}

function endWord({ status, runId, closedAt, errorMessage }: Outcome): TemporalWord {
  return { status, runId, closedAt, message: errorMessage };
}

/** One execution that was looked at. */
export interface Finding {
  row: UnsettledExecution;
  /** `null` where Temporal gave no usable answer; `error` says why. */
  comparison: Comparison | null;
  /** This call made the ledger say what Temporal says. `false` where there was nothing to repair, or a dry run. */
  repaired: boolean;
  error: string | null;
}

export interface ReconcileOnceOptions {
  ledger: UnsettledLedger & RecordLedger;
  engine: Engine;
  namespace: string;
  logger: Logger;
  /** Only looks. Default `false`. */
  dryRun?: boolean;
  /** These instead of all unsettled ones; they may be settled. */
  rows?: UnsettledExecution[];
  /** Executions asked about at once. Default 10. */
  concurrency?: number;
  /** Called for each execution, as they are done. */
  onFinding(finding: Finding): void;
}

/**
 * Asks Temporal about every unsettled execution once, and makes the ledger say what it says. The monitor may run
 * beside it: everything is guarded, and whoever comes second changes nothing.
 * @throws ExecutionError `engine_unavailable`, `engine_throttled`, `ledger_unavailable`: what was not reached is not reported
 */
export async function reconcileOnce(options: ReconcileOnceOptions): Promise<void> {
  const { ledger, engine, namespace, logger, dryRun = false, concurrency = 10, onFinding } = options;
  const settle = createSettle({
    // Without the monitor's queue, which waits for a ledger that is away: whoever typed a command wants to know.
    recorder: { ...recordAtOnce(ledger), correctFirstRun: ledger.correctFirstRun },
    logger,
    reportGraceMs: REPORT_GRACE_MS,
    whole: true,
  })(engine);

  async function look(row: UnsettledExecution): Promise<void> {
    const finding: Finding = { row, comparison: null, repaired: false, error: null };
    try {
      finding.comparison = compare(row, await engine.resolve({ ...engineTarget(row), whole: true }));
      if (!dryRun) finding.repaired = await repair(row, finding.comparison, settle);
    } catch (error) {
      if (isAway(error)) throw error;
      finding.error = error instanceof Error ? error.message : String(error);
    }
    onFinding(finding);
  }

  if (options.rows) return inParallel(options.rows, concurrency, look);
  let last: UnsettledExecution | undefined;
  do {
    const page: UnsettledExecution[] = await ledger.unsettled(namespace, PAGE, last);
    await inParallel(page, concurrency, look);
    last = page.at(-1);
  } while (last);
}

const REPAIRABLE: ReadonlySet<Comparison['kind']> = new Set(['differs', 'unconfirmed', 'lacks', 'registered_late']);

/** Settles by a fresh look, as the monitor does: the answer that was compared may be old by now. */
async function repair(row: UnsettledExecution, comparison: Comparison, settle: Settle): Promise<boolean> {
  if (!REPAIRABLE.has(comparison.kind)) return false;
  const settled = await settle(row, 'reconciler');
  return settled.kind === 'ended' || settled.kind === 'open';
}
