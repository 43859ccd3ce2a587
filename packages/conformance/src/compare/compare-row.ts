import type { EngineChain, EngineRun } from './engine-runs.ts';
import type { Row } from './rows.ts';

/** Temporal's names in the ledger's words. */
const STATUSES: Record<string, string> = {
  RUNNING: 'running',
  PAUSED: 'running',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed_out',
};

export const ledgerStatus = ({ status }: EngineRun): string => STATUSES[status] ?? status;

interface Mismatch {
  what: string;
  ledger: unknown;
  engine: unknown;
}

/** Whether an end of this run was the execution's, for a time: before a reset took it up again. */
const endedForATime = (run: EngineRun | undefined): boolean =>
  run !== undefined && run.closedAt !== null && run.handedOnTo === null && !run.wasCutByReset;

/** What the ledger says of an execution against what Temporal says of the chain that begins with its first run. Pure. */
export function compareRow(row: Row, chain: EngineChain): Mismatch[] {
  const found: Mismatch[] = [];
  const compare = (what: string, ledger: unknown, engine: unknown) => {
    if (ledger !== engine) found.push({ what, ledger, engine });
  };
  const { last } = chain;
  const isClosed = last.closedAt !== null;
  compare('status', row.status, ledgerStatus(last));
  compare('authority', row.outcome_authority, isClosed ? 'engine' : null);
  compare('closing run', row.closing_run_id, isClosed ? last.runId : null);
  compare('close time', row.completed_at_us, last.closedAt === null ? null : `${last.closedAt}`);
  compare(
    'runs',
    `${row.runs.map(({ run_id }) => run_id).toSorted()}`,
    `${chain.runs.map((run) => run.runId).toSorted()}`,
  );
  compare('number of runs', row.run_count, chain.runs.length);
  const endsOf = (runId: string) => row.ends.filter(({ run_id }) => run_id === runId);
  compare('ends of the closing run', endsOf(last.runId).length, isClosed ? 1 : 0);
  for (const end of row.ends) {
    const run = chain.runs.find(({ runId }) => runId === end.run_id);
    compare(`end of run ${end.run_id}`, end.status, run && endedForATime(run) ? ledgerStatus(run) : 'no end');
    if (run !== last) compare(`ends of run ${end.run_id}`, endsOf(end.run_id ?? '').length, 1);
  }
  return found;
}
