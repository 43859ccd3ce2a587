import type { SqlDatabase } from '@runledger/local-stack';
import type { Benchmark } from '../benchmark.ts';
import { formatMs, formatNumber, formatShare } from '../format-figure.ts';
import type { Question } from '../large-ledger/ask.ts';
import { answerOf, ask } from '../large-ledger/ask.ts';
import { COUNTERS_FROM_ROWS, percentilesFromRows, STATS_FROM_ROWS } from '../large-ledger/count-rows.ts';
import { openLargeLedger } from '../large-ledger/open-large-ledger.ts';

const HEAVIEST = 'user_1';
const TIMES = 40;
/** Seconds each. */
const TIMES_FROM_ROWS = 3;
/** Heavy, middling and rare. */
const SCOPES = [
  { user: 'user_1', workflow: null },
  { user: 'user_30', workflow: null },
  { user: 'user_900', workflow: null },
  { user: null, workflow: 1 },
  { user: null, workflow: 100 },
  { user: 'user_1', workflow: 50 },
];

const workflowId = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** The last 30 whole days of UTC, by the database. */
async function windowOf(database: SqlDatabase): Promise<[string, string]> {
  const [row] = await database.query<{ from: string; to: string }>(
    `select (date_trunc('day', max(started_at), 'UTC') - interval '30 days') as from, date_trunc('day', max(started_at), 'UTC') as to
       from runledger.workflow_executions where created_by = 'user_1'`,
  );
  return [row?.from ?? '', row?.to ?? ''];
}

/** The largest error of a percentile, as a share of the time that stands at its rank. */
async function percentileError(database: SqlDatabase, [from, to]: [string, string]): Promise<number> {
  let worst = 0;
  for (const { user, workflow } of SCOPES) {
    const scope = [user && `created_by = '${user}'`, workflow && `workflow_id = '${workflowId(workflow)}'`];
    const [rows] = await database.query<{ duration: number[]; queue: number[] }>(
      percentilesFromRows(scope.filter(Boolean).join(' and ')),
      [from, to],
    );
    const [cells] = await answerOf<Record<string, number>>(database, {
      role: 'service_role',
      user: null,
      sql: 'select * from runledger.get_execution_stats($1, $2, $3, $4)',
      params: [workflow === null ? null : workflowId(workflow), user, from, to],
    });
    for (const kind of ['duration', 'queue'] as const) {
      for (const [at, name] of ['p50', 'p90', 'p95', 'p99'].entries()) {
        const exact = Number(rows?.[kind][at]);
        worst = Math.max(worst, Math.abs((cells?.[`${name}_${kind}_ms`] ?? Number.NaN) - exact) / exact);
      }
    }
  }
  return worst;
}

/** The heaviest user's statistics on ten million executions, from the counters and from the rows. */
export const statistics: Benchmark = {
  name: 'statistics',
  about: 'Statistics of a user with a tenth of ten million executions, from counters and from rows',

  async prepare({ rows }, say) {
    const ledger = await openLargeLedger(rows, say);
    const { database } = ledger;
    const window = await windowOf(database);
    const own = (sql: string, ...params: unknown[]): Question => ({
      role: 'authenticated',
      user: HEAVIEST,
      sql,
      params,
    });
    say('measuring the error of percentiles');
    const error = await percentileError(database, window);
    const stats =
      'select * from runledger.get_execution_stats(null, null, $1, $2, p_with_previous => $3, p_with_queue => $4)';
    const questions: Record<string, [Question, number]> = {
      period: [own(stats, ...window, false, false), TIMES],
      everything: [own(stats, ...window, true, true), TIMES],
      zone: [
        own("select * from runledger.get_execution_series(null, null, $1, $2, 'day', 'Europe/Berlin')", ...window),
        TIMES,
      ],
      days: [own('select * from runledger.get_execution_series(null, null, $1, $2)', ...window), TIMES],
      life: [own('select * from runledger.get_execution_stats()'), TIMES],
      failures: [own('select * from runledger.get_top_failures(null, null, $1, $2)', ...window), TIMES],
      counters: [own('select * from runledger.get_workflow_counters()'), TIMES],
      periodRows: [own(STATS_FROM_ROWS, HEAVIEST, ...window), TIMES_FROM_ROWS],
      countersRows: [own(COUNTERS_FROM_ROWS, HEAVIEST), TIMES_FROM_ROWS],
    };
    return {
      async run() {
        const values: Record<string, number> = { error };
        for (const [name, [question, times]] of Object.entries(questions)) {
          say(name);
          const { p50Ms, p99Ms } = await ask(database, question, times);
          values[name] = p50Ms;
          values[`${name}P99`] = p99Ms;
        }
        return { values, faults: {}, items: {} };
      },
      [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
    };
  },

  rows({ values }, { rows }) {
    const of = (name: string) => values[name] ?? Number.NaN;
    const both = (name: string) => `${formatMs(of(name))} (p99 ${formatMs(of(`${name}P99`))})`;
    const times = of('periodRows') / of('period');
    return [
      {
        what: `statistics of 30 days in UTC, heaviest user of ${rows}`,
        measured: both('period'),
        comparedWith: `from rows ${formatMs(of('periodRows'))}: ${formatNumber(times)} ×`,
        toReach: '≤ 10 ms, ≥ 40 ×',
        reached: of('period') <= 10 && times >= 40,
      },
      {
        what: 'the same with queue times and the 30 days before',
        measured: both('everything'),
        comparedWith: '',
        toReach: '≤ 30 ms',
        reached: of('everything') <= 30,
      },
      {
        what: '30 days of another zone, percentiles each',
        measured: both('zone'),
        comparedWith: `days of UTC ${formatMs(of('days'))}`,
        toReach: '≤ 120 ms',
        reached: of('zone') <= 120,
      },
      {
        what: 'lifetime counters of the workflows',
        measured: both('counters'),
        comparedWith: `group by ${formatMs(of('countersRows'))}`,
        toReach: '≤ 1 ms',
        reached: of('counters') <= 1,
      },
      { what: 'statistics since the beginning', measured: both('life'), comparedWith: '', toReach: '', reached: null },
      { what: 'top failures of 30 days', measured: both('failures'), comparedWith: '', toReach: '', reached: null },
      {
        what: 'largest error of a percentile, six scopes',
        measured: formatShare(of('error')),
        comparedWith: 'percentile_disc',
        toReach: '≤ 2 %',
        reached: of('error') <= 0.02,
      },
    ];
  },
};
