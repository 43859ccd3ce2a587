import type { ExecutionService, ExecutionStats, ExecutionStatus } from '@runledger/contracts';
import { byStatusField, isTerminal } from '@runledger/contracts';
import type { SqlSession } from '@runledger/local-stack';

/** A number that the ledger gives, and what its rows add up to. */
export interface CounterOff {
  of: string;
  counter: string;
  given: unknown;
  recounted: unknown;
}

interface CountedRow {
  workflow_id: string;
  created_by: string;
  status: ExecutionStatus;
  duration_ms: number | null;
  verdict: string | null;
}

function recount(rows: CountedRow[]) {
  const count = (status: ExecutionStatus) => rows.filter((row) => row.status === status).length;
  const durations = rows.flatMap(({ duration_ms }) => (duration_ms === null ? [] : [Number(duration_ms)]));
  const ended = rows.filter(({ status }) => isTerminal(status)).length;
  return {
    total: rows.length,
    ...byStatusField(count),
    avgDuration: durations.length === 0 ? null : durations.reduce((sum, ms) => sum + ms, 0) / durations.length,
    minDuration: durations.length === 0 ? null : Math.min(...durations),
    maxDuration: durations.length === 0 ? null : Math.max(...durations),
    successRate: ended === 0 ? null : Math.round((1000 * count('completed')) / ended) / 10,
  };
}

/** A tenth of a millisecond: sums of floating-point numbers depend on their order. */
const isSame = (a: unknown, b: unknown) =>
  typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) < 0.1 : a === b;

/** Cells and tail, number by number, against the database's own recount. */
async function checkCells(database: SqlSession): Promise<CounterOff[]> {
  // Smallest and largest are marked estimated until a fold has looked.
  await database.query('select runledger.fold_execution_stats(100000)');
  const drift = await database.query<Record<string, string>>('select * from runledger.verify_execution_stats()');
  return drift.map(({ created_by, workflow_id, grain, starts_at, field, counted, recounted }) => ({
    of: `${grain} ${starts_at} of user ${created_by}, workflow ${workflow_id}`,
    counter: field ?? '',
    given: counted,
    recounted,
  }));
}

/** `getRunCount` and `getStats`, per user and workflow, against a recount of the rows; and every cell behind them. */
export async function checkCounters(database: SqlSession, service: ExecutionService): Promise<CounterOff[]> {
  const off = await checkCells(database);
  const rows = await database.query<CountedRow>(
    'select workflow_id, created_by, status, duration_ms, verdict from runledger.workflow_executions',
  );
  const compare = (of: string, counter: string, given: unknown, recounted: unknown) => {
    if (!isSame(given, recounted)) off.push({ of, counter, given, recounted });
  };
  const compareStats = (of: string, given: ExecutionStats, own: CountedRow[]) => {
    for (const [counter, recounted] of Object.entries(recount(own)))
      compare(of, counter, given[counter as keyof ReturnType<typeof recount>], recounted);
    const verdicts = Object.groupBy(
      own.flatMap(({ verdict }) => verdict ?? []),
      (verdict) => verdict,
    );
    for (const [verdict, of_] of Object.entries(verdicts))
      compare(of, `verdict ${verdict}`, given.verdicts[verdict], of_?.length);
  };
  const ran = (own: CountedRow[]) => own.filter(({ status }) => ['completed', 'failed'].includes(status)).length;

  for (const [workflowId, ofWorkflow] of Map.groupBy(rows, (row) => row.workflow_id)) {
    compareStats(`workflow ${workflowId}`, await service.getStats(workflowId), ofWorkflow);
    for (const [userId, own] of Map.groupBy(ofWorkflow, (row) => row.created_by)) {
      const of = `user ${userId}, workflow ${workflowId}`;
      compareStats(of, await service.getStats(workflowId, { userId }), own);
      compare(of, 'run count', await service.getRunCount(userId, workflowId), ran(own));
    }
  }
  for (const [userId, own] of Map.groupBy(rows, (row) => row.created_by))
    compare(`user ${userId}`, 'run count', await service.getRunCount(userId), ran(own));
  return off;
}
