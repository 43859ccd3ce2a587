import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark, Row, Sample, Say, Settings } from '../benchmark.ts';
import { compareEnds } from '../compare-ends.ts';
import { between, total } from '../count-calls.ts';
import { cpuTimeMs } from '../cpu-time.ts';
import type { Follower } from '../follower.ts';
import { startFollower } from '../follower.ts';
import { formatMs, formatNumber } from '../format-figure.ts';
import type { BenchLedger } from '../ledger.ts';
import { percentile } from '../quantile.ts';
import { untilRecorded, untilTimelines } from '../recorded.ts';
import { runShortExecutions } from '../short-executions.ts';
import type { Stage } from '../stage.ts';
import { openStage } from '../stage.ts';

/** Who records: nobody, the monitor, or the last step of the workflow itself. Each has a ledger of its own. */
const WAYS = ['nobody', 'monitor', 'activity'] as const;
type Way = (typeof WAYS)[number];

/** So that code is loaded and compiled before anything is measured. */
const WARM_UP = 30;
/** For what is still under way after the last end, in milliseconds. */
const SETTLE_MS = 2_000;

/** What one way took for the same executions. */
interface Measured {
  values: Record<
    'perSecond' | 'events' | 'temporalCalls' | 'processesMs' | 'postgresMs' | 'temporalMs' | 'p50' | 'p99',
    number
  >;
  missed: number;
  twice: number;
  items: Sample['items'];
}

/** Counters of one pass, to be compared with those before it. */
async function look(stage: Stage, worker: Follower, monitor: Follower | undefined) {
  const ofWorker = await worker.figures();
  const ofMonitor = await monitor?.figures();
  return {
    worker: ofWorker.more ?? {},
    monitor: ofMonitor?.engine ?? {},
    ledger: ofMonitor?.ledger ?? ofWorker.ledger,
    processes: cpuTimeMs(worker.pid) + (monitor ? cpuTimeMs(monitor.pid) : 0),
    postgres: cpuTimeMs(stage.postgres.pid),
    temporal: cpuTimeMs(stage.temporal.pid as number),
  };
}

async function measure(stage: Stage, worker: Follower, way: Way, { executions: count }: Settings): Promise<Measured> {
  const ledger = stage.ledgers[WAYS.indexOf(way)] as BenchLedger;
  await using stack = new AsyncDisposableStack();
  const monitor =
    way === 'monitor'
      ? stack.use(await startFollower('monitorAlone', { ...stage.task(ledger), executions: [] }))
      : undefined;
  const workflow = way === 'activity' ? 'shortRecorded' : 'short';
  const run = async (many: number) => {
    const ran = await runShortExecutions(stage.client, ledger, { workflow, count: many });
    if (monitor) {
      await untilRecorded(ledger, ran.executions, 120_000);
      await untilTimelines(ledger);
    }
    await pause(SETTLE_MS);
    return ran;
  };
  await run(WARM_UP);
  const before = await look(stage, worker, monitor);
  const { executions, perSecond } = await run(count);
  const after = await look(stage, worker, monitor);
  const { lagsMs, historyEvents, missed, twice, notRecorded } = await compareEnds(stage.client, ledger, executions);
  const ofWorker = between(before.worker, after.worker, count);
  const ofMonitor = between(before.monitor, after.monitor, count);
  const cpuMs = (of: 'processes' | 'postgres' | 'temporal') => (after[of] - before[of]) / count;
  return {
    values: {
      perSecond,
      events: historyEvents,
      temporalCalls: total(ofWorker) + total(ofMonitor),
      processesMs: cpuMs('processes'),
      postgresMs: cpuMs('postgres'),
      temporalMs: cpuMs('temporal'),
      p50: percentile(lagsMs, 0.5),
      p99: percentile(lagsMs, 0.99),
    },
    missed,
    twice,
    items: {
      [`Temporal calls an execution, worker, ${way} records`]: ofWorker,
      ...(monitor ? { 'Temporal calls an execution, monitor': ofMonitor } : {}),
      ...(way === 'nobody'
        ? {}
        : {
            [`ledger calls an execution, ${way}`]: between(before.ledger, after.ledger, count),
            [`not recorded, ${way}`]: notRecorded,
          }),
    },
  };
}

/** Beside the monitor, what many write by hand: a last activity that records how the workflow ends. */
export const recordingActivity: Benchmark = {
  name: 'recording-activity',
  about: 'The monitor beside a last activity that records the end: throughput, calls, CPU, and which ends are recorded',

  async prepare(settings: Settings, say: Say) {
    await using stack = new AsyncDisposableStack();
    const stage = stack.use(await openStage({ ledgers: WAYS.length }));
    const ofActivity = stage.ledgers[WAYS.indexOf('activity')] as BenchLedger;
    const worker = stack.use(await startFollower('workflowWorker', { ...stage.task(ofActivity), executions: [] }));
    const kept = stack.move();
    return {
      async run() {
        const sample: Sample = { values: {}, faults: {}, items: {} };
        for (const way of WAYS) {
          say(`recorded by: ${way}`);
          const { values, missed, twice, items } = await measure(stage, worker, way, settings);
          for (const [name, value] of Object.entries(values)) sample.values[`${way} ${name}`] = value;
          sample.faults[`${way} missed`] = missed;
          sample.faults[`${way} twice`] = twice;
          Object.assign(sample.items, items);
        }
        return sample;
      },
      [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
  },

  rows({ values, faults }, { executions: count, runs }): Row[] {
    const beside = (what: string, name: keyof Measured['values'], format: (value: number) => string): Row => {
      const of = (way: Way) => format(values[`${way} ${name}`] ?? Number.NaN);
      return {
        what,
        measured: of('monitor'),
        comparedWith: `activity ${of('activity')}, nobody ${of('nobody')}`,
        toReach: '',
        reached: null,
      };
    };
    const lag = (name: 'p50' | 'p99'): Row => ({
      ...beside(`close → row, short executions, ${name}`, name, formatLag),
      comparedWith: `activity ${formatLag(values[`activity ${name}`] ?? Number.NaN)}`,
    });
    const ms = (value: number) => `${formatNumber(value)} ms`;
    return [
      {
        what: `ends recorded, of ${count * runs}, 10 % of them ended from outside`,
        measured: `${count * runs - (faults['monitor missed'] ?? 0)}`,
        comparedWith: `activity ${count * runs - (faults['activity missed'] ?? 0)}`,
        toReach: 'all, none twice',
        reached: faults['monitor missed'] === 0 && faults['monitor twice'] === 0,
      },
      beside('short executions a second', 'perSecond', formatNumber),
      beside('history events an execution', 'events', formatNumber),
      beside('Temporal calls an execution, of worker and monitor', 'temporalCalls', formatNumber),
      beside('CPU an execution, worker and monitor', 'processesMs', ms),
      beside('CPU an execution, Postgres', 'postgresMs', ms),
      beside('CPU an execution, Temporal', 'temporalMs', ms),
      lag('p50'),
      lag('p99'),
    ];
  },
};

/** Pure: a row may come before the close. */
const formatLag = (ms: number): string => (ms < 0 ? `${formatMs(-ms)} before it` : formatMs(ms));
