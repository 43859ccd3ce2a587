import { setTimeout as pause } from 'node:timers/promises';
import type { OpenExecution } from './follower-protocol.ts';
import type { BenchLedger } from './ledger.ts';

export interface Recorded {
  /** From the close, by Temporal's clock, to the row, by the database's: milliseconds of those that were recorded. */
  lagsMs: number[];
  /** When the row was written, in milliseconds since the epoch. */
  recordedAt: number[];
  /** When it closed, likewise. */
  closedAt: number[];
  /** Which of them. */
  ids: string[];
  /** Closed, and the row says nothing of it. */
  missed: number;
  /** Recorded more than once. */
  twice: number;
}

/** Executions that ended more than once by what the ledger says. */
export async function countRecordedTwice({ database }: BenchLedger, ids: string[]): Promise<number> {
  const twice = await database.query(
    `select execution_id from runledger.execution_transitions
      where execution_id = any ($1::uuid[]) and runledger_private.is_end(to_status)
      group by execution_id having count(*) > 1`,
    [ids],
  );
  return twice.length;
}

/** Reads what the ledger says about executions that have closed. */
async function readRecorded(ledger: BenchLedger, executions: OpenExecution[]): Promise<Recorded> {
  const ids = executions.map(({ executionId }) => executionId);
  const rows = await ledger.database.query<{ id: string; lag: number; at: number; closed: number }>(
    `select id, (extract(epoch from recorded_at - completed_at) * 1000)::float8 as lag,
            (extract(epoch from recorded_at) * 1000)::float8 as at,
            (extract(epoch from completed_at) * 1000)::float8 as closed
       from runledger.workflow_executions
      where id = any ($1::uuid[]) and outcome_authority = 'engine' order by recorded_at`,
    [ids],
  );
  return {
    lagsMs: rows.map((row) => row.lag),
    recordedAt: rows.map((row) => row.at),
    closedAt: rows.map((row) => row.closed),
    ids: rows.map((row) => row.id),
    missed: executions.length - rows.length,
    twice: await countRecordedTwice(ledger, ids),
  };
}

/** Waits until all of them are recorded, or for `withinMs`. */
export async function untilRecorded(ledger: BenchLedger, executions: OpenExecution[], withinMs: number) {
  const ids = executions.map(({ executionId }) => executionId);
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await pause(100)) {
    const [row] = await ledger.database.query<{ open: number }>(
      `select count(*)::int as open from runledger.workflow_executions
        where id = any ($1::uuid[]) and outcome_authority is distinct from 'engine'`,
      [ids],
    );
    if (row?.open === 0) break;
  }
  return readRecorded(ledger, executions);
}

/** Waits until no history waits to be read. */
export async function untilTimelines({ database }: BenchLedger): Promise<void> {
  const pending = 'select count(*)::int as n from runledger.execution_timelines where state = $1';
  while (((await database.query<{ n: number }>(pending, ['pending']))[0]?.n ?? 0) > 0) await pause(50);
}
