import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark, Row, Sample } from '../benchmark.ts';
import { closeAtRate } from '../close-executions.ts';
import { formatMs } from '../format-figure.ts';
import { createOpenPool } from '../open-pool.ts';
import { untilRecorded } from '../recorded.ts';
import type { Stage } from '../stage.ts';
import { openStage } from '../stage.ts';
import { startWorker } from '../worker-process.ts';
import { faultRow } from './fault-row.ts';

/** What happens to the worker that holds the monitor, and how long the next record may take. */
const ENDS = [
  { key: 'killed', signal: 'SIGKILL', what: 'worker killed (kill -9): next record after', withinMs: 8_000 },
  { key: 'hanging', signal: 'SIGSTOP', what: 'worker hanging (SIGSTOP): next record after', withinMs: 8_000 },
  { key: 'handedOver', signal: 'SIGTERM', what: 'worker stopped (SIGTERM): next record after', withinMs: 2_000 },
] as const;

/** Closures go on meanwhile, so that there is always something to record. */
const CLOSES_PER_SECOND = 10;
const CLOSED_BEFORE = 2 * CLOSES_PER_SECOND;
const CLOSED_AFTER = 12 * CLOSES_PER_SECOND;

/** Two workers, of which the one that holds the monitor goes away. */
export const takeover: Benchmark = {
  name: 'takeover',
  about: 'The longest time without a record after the worker that holds the monitor was killed, hangs or is stopped',

  async prepare(_, say) {
    const stage = await openStage();
    const pool = createOpenPool(stage, stage.ledger, CLOSED_BEFORE + CLOSED_AFTER);
    return {
      async run() {
        const sample: Sample = { values: {}, faults: { missed: 0, twice: 0 }, items: {} };
        for (const { key, signal } of ENDS) {
          say(signal);
          await pool.fill();
          const { silenceMs, missed, twice } = await measureSilence(stage, pool.take(pool.open.length), signal);
          sample.values[key] = silenceMs;
          sample.faults.missed = (sample.faults.missed ?? 0) + missed;
          sample.faults.twice = (sample.faults.twice ?? 0) + twice;
        }
        return sample;
      },
      [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
    };
  },

  rows({ values, faults }): Row[] {
    const rows = ENDS.map(({ key, what, withinMs }) => ({
      what,
      measured: formatMs(values[key] ?? Number.NaN),
      comparedWith: '',
      toReach: `≤ ${withinMs / 1_000} s`,
      reached: (values[key] ?? Number.POSITIVE_INFINITY) <= withinMs,
    }));
    return [...rows, faultRow('change of workers', faults)];
  },
};

async function measureSilence(stage: Stage, closing: Parameters<typeof closeAtRate>[1], signal: NodeJS.Signals) {
  await using holder = await startWorker(stage.task());
  await holder.logged('monitor runs');
  await using standby = await startWorker(stage.task());
  await pause(1_000);
  const closed = closeAtRate(stage.client, closing, CLOSES_PER_SECOND);
  await pause((CLOSED_BEFORE / CLOSES_PER_SECOND) * 1_000);
  const since = Date.now();
  holder.signal(signal);
  await standby.logged('monitor runs');
  await closed;
  const { recordedAt, missed, twice } = await untilRecorded(stage.ledger, closing, 30_000);
  // What was on its way to the ledger is written yet: the silence comes after it.
  const moments = [since, ...recordedAt.filter((at) => at > since)];
  const silences = moments.slice(1).map((at, n) => at - (moments[n] ?? at));
  return { silenceMs: Math.max(...silences), missed, twice };
}
