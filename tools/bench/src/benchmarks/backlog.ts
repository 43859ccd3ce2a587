import { setTimeout as pause } from 'node:timers/promises';
import { startTcpProxy } from '@runledger/local-stack';
import type { Benchmark } from '../benchmark.ts';
import { closeAll } from '../close-executions.ts';
import { between, total } from '../count-calls.ts';
import { cpuTimeMs } from '../cpu-time.ts';
import { startFollower } from '../follower.ts';
import type { OpenExecution, Task } from '../follower-protocol.ts';
import { formatNumber } from '../format-figure.ts';
import type { BenchLedger } from '../ledger.ts';
import { createOpenPool } from '../open-pool.ts';
import { untilRecorded, untilTimelines } from '../recorded.ts';
import { openStage } from '../stage.ts';
import { faultRow } from './fault-row.ts';

/** One way, in milliseconds: 40 and 30 ms a round trip. */
const LATENCY = { temporal: 20, ledger: 15 };
/** Timelines that a monitor writes in one call. */
const FIRST_PAGE = 100;
/** Long polls and lists, which do not grow with what closes. */
const POLLS = /^(ListWorkflowExecutions|GetSystemInfo)$/;

/** Servers that are as far away as in another zone. */
async function far(task: Omit<Task, 'executions'>) {
  await using stack = new AsyncDisposableStack();
  const temporal = stack.use(await startTcpProxy({ target: task.temporalAddress }));
  const ledger = stack.use(await startTcpProxy({ target: new URL(task.supabaseUrl).host }));
  temporal.slow({ latencyMs: LATENCY.temporal });
  ledger.slow({ latencyMs: LATENCY.ledger });
  const kept = stack.move();
  return {
    task: { ...task, temporalAddress: temporal.address, supabaseUrl: `http://${ledger.address}` },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Writes the ends as a monitor would that died before it read the histories. */
async function recordEnds({ database }: BenchLedger, executions: OpenExecution[]): Promise<void> {
  const outcomes = executions.map(({ executionId, runId }) => ({
    execution: executionId,
    status: 'terminated',
    errorMessage: 'closed by the benchmark',
    authority: 'engine',
    source: 'watch',
    runId,
    firstRunId: runId,
    completedAt: new Date().toISOString(),
    runs: [],
  }));
  await database.query('select * from runledger.record_outcomes($1::jsonb)', [JSON.stringify(outcomes)]);
}

/** From when the first page was written: before that, the process starts. */
async function timelinesPerSecond({ database }: BenchLedger): Promise<number> {
  const [row] = await database.query<{ rate: number }>(
    `select (count(*) - ${FIRST_PAGE}) / extract(epoch from max(read_at) - (array_agg(read_at order by read_at))[${FIRST_PAGE}])::float8 as rate
       from runledger.execution_timelines where state = 'complete'`,
  );
  return row?.rate ?? Number.NaN;
}

/** Timelines of a backlog, and what a closure costs while many close at once. */
export const backlog: Benchmark = {
  name: 'backlog',
  about: 'Timelines a second, and calls and CPU per closure, at 40 ms to Temporal and 30 ms to the ledger',

  async prepare({ backlog: count }, say) {
    const stage = await openStage();
    const { ledger, client, postgres } = stage;
    const pool = createOpenPool(stage, ledger, 2 * count);
    return {
      async run() {
        say('starting executions');
        await pool.fill();
        const before = pool.take(count);
        await closeAll(client, before);
        await recordEnds(ledger, before);
        await using distant = await far(stage.task());
        say('reading the backlog');
        await ledger.database.exec(`delete from runledger.execution_timelines where state <> 'pending'`);
        await using follower = await startFollower('monitorAlone', { ...distant.task, executions: [] });
        await untilTimelines(ledger);
        const perSecond = await timelinesPerSecond(ledger);
        say('closing executions');
        await pause(2_000);
        const closing = pool.take(count);
        const look = async () => ({
          of: await follower.figures(),
          monitor: cpuTimeMs(follower.pid),
          postgres: cpuTimeMs(postgres.pid),
        });
        const start = await look();
        await closeAll(client, closing);
        const recorded = await untilRecorded(ledger, closing, 120_000);
        await untilTimelines(ledger);
        const end = await look();
        const calls = between(start.of.engine, end.of.engine, count);
        const reads = Object.fromEntries(Object.entries(calls).filter(([name]) => !POLLS.test(name)));
        return {
          values: {
            timelinesPerSecond: perSecond,
            // Each has a long poll of its own, which ends with it.
            temporalCalls: total(reads),
            monitorMs: (end.monitor - start.monitor) / count,
            postgresMs: (end.postgres - start.postgres) / count,
          },
          faults: { missed: recorded.missed, twice: recorded.twice },
          items: {
            'Temporal calls per closure': calls,
            'ledger calls per closure': between(start.of.ledger, end.of.ledger, count),
          },
        };
      },
      [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
    };
  },

  rows({ values, faults }, { backlog: count }) {
    const { timelinesPerSecond = 0, temporalCalls = 0, monitorMs = 0, postgresMs = 0 } = values;
    return [
      {
        what: `timelines a second, ${count} that wait, 40 ms to Temporal, 30 ms to the ledger`,
        measured: formatNumber(timelinesPerSecond),
        comparedWith: '',
        toReach: '≥ 300',
        reached: timelinesPerSecond >= 300,
      },
      {
        what: 'Temporal calls per closure, timeline and long poll included',
        measured: formatNumber(temporalCalls),
        comparedWith: '',
        toReach: '≤ 4',
        reached: temporalCalls <= 4,
      },
      {
        what: 'CPU per closure: monitor, Postgres',
        measured: `${formatNumber(monitorMs)} ms, ${formatNumber(postgresMs)} ms`,
        comparedWith: '',
        toReach: '',
        reached: null,
      },
      faultRow(`closing ${count} at once`, faults),
    ];
  },
};
