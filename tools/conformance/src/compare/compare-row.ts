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
  CONTINUED_AS_NEW: 'continued_as_new',
};

export const ledgerStatus = ({ status }: EngineRun): string => STATUSES[status] ?? status;

interface Mismatch {
  what: string;
  ledger: unknown;
  engine: unknown;
}

type Compare = (what: string, ledger: unknown, engine: unknown) => void;

/** Whether an end of this run was the execution's, for a time: before a reset took it up again. */
const endedForATime = (run: EngineRun | undefined): boolean =>
  run !== undefined && run.closedAt !== null && run.handedOnTo === null && !run.wasCutByReset;

/** What the ledger says of an execution against what Temporal says of the chain that begins with its first run. Pure. */
export function compareRow(row: Row, chain: EngineChain): Mismatch[] {
  const found: Mismatch[] = [];
  const compare: Compare = (what, ledger, engine) => {
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
  compareParts(row, chain, compare);
  const endsOf = (runId: string) => row.ends.filter(({ run_id }) => run_id === runId);
  compare('ends of the closing run', endsOf(last.runId).length, isClosed ? 1 : 0);
  for (const end of row.ends) {
    const run = chain.runs.find(({ runId }) => runId === end.run_id);
    compare(`end of run ${end.run_id}`, end.status, run && endedForATime(run) ? ledgerStatus(run) : 'no end');
  }
  for (const run of chain.runs) {
    if (run !== last && endedForATime(run)) compare(`ends of run ${run.runId}`, endsOf(run.runId).length, 1);
  }
  return found;
}

/** Every part beside the status. */
function compareParts(row: Row, { runs, last }: EngineChain, compare: Compare): void {
  const [first] = runs;
  const text = (micros: bigint | null | undefined) => (micros === null || micros === undefined ? null : `${micros}`);
  compare('engine start', row.engine_started_at_us, text(first?.startedAt));
  compare('first task', row.first_task_at_us, text(first?.firstTaskAt));
  const took = last.closedAt === null || !first ? null : Number((last.closedAt - first.startedAt + 500n) / 1_000n);
  compare('duration', row.duration_ms, took);
  compare('a cancel was asked for', row.cancel_requested_by !== null, last.cancelRequested);
  // Postgres prints JSON with blanks of its own.
  const bare = (json: string | null) => json?.replaceAll(' ', '') ?? null;
  compare('output', bare(row.output_text), bare(last.result));
  const statuses = (of: { status: string }[]) => `${of.map(({ status }) => status).toSorted()}`;
  compare('statuses of the runs', statuses(row.runs), statuses(runs.map((run) => ({ status: ledgerStatus(run) }))));
}
