import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark, Row } from '../benchmark.ts';
import type { Calls } from '../count-calls.ts';
import { between, total } from '../count-calls.ts';
import { startFollower } from '../follower.ts';
import type { Figures } from '../follower-protocol.ts';
import { formatMegabytes, formatNumber } from '../format-figure.ts';
import type { OpenPool } from '../open-pool.ts';
import { createOpenPool } from '../open-pool.ts';
import type { Stage } from '../stage.ts';
import { ENOUGH_POLLS, openStage } from '../stage.ts';

/** What it costs to follow executions of which none closes: calls and memory. */
export const idle: Benchmark = {
  name: 'idle',
  about: 'Calls of Temporal a second and memory with 5,000 open executions and none closing',

  async prepare({ many, idleSeconds }, say) {
    const stage = await openStage({ dynamicConfig: ENOUGH_POLLS });
    const pool = createOpenPool(stage, stage.ledger, many);
    await pool.fill();
    return {
      async run() {
        say('idle processes, monitor and naive, side by side');
        const [idle, idleLikeMonitor, monitor, naive] = await observe(stage, pool, idleSeconds);
        return {
          values: {
            monitorCalls: total(monitor.engine),
            naiveCalls: total(naive.engine),
            idleRss: idle.memory.rss,
            monitorRss: monitor.memory.rss - idleLikeMonitor.memory.rss,
            naiveRss: naive.memory.rss - idle.memory.rss,
          },
          faults: {},
          items: {
            'Temporal calls a second, monitor': monitor.engine,
            'Temporal calls a second, naive': naive.engine,
            'ledger calls a second, monitor': monitor.ledger,
            'memory in MB, idle process': inMegabytes(idle.memory),
            'memory in MB, idle process as the monitor is started': inMegabytes(idleLikeMonitor.memory),
            'memory in MB, monitor': inMegabytes(monitor.memory),
            'memory in MB, naive': inMegabytes(naive.memory),
          },
        };
      },
      [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
    };
  },

  rows({ values }, { many }): Row[] {
    const { monitorCalls = 0, naiveCalls = 0, idleRss = 0, monitorRss = 0, naiveRss = 0 } = values;
    return [
      {
        what: `Temporal calls a second, ${many} open, none closing`,
        measured: formatNumber(monitorCalls),
        comparedWith: `naive ${formatNumber(naiveCalls)}`,
        toReach: '≤ 90',
        reached: monitorCalls <= 90,
      },
      {
        what: `memory above an idle process, ${many} open`,
        measured: formatMegabytes(monitorRss),
        comparedWith: `naive ${formatMegabytes(naiveRss)} (idle: ${formatMegabytes(idleRss)})`,
        toReach: '≤ ¼ of naive',
        reached: monitorRss <= naiveRss / 4,
      },
    ];
  },
};

function inMegabytes({ rss, heapTotal, heapUsed, external }: Figures['memory']): Record<string, number> {
  const mega = (bytes: number) => bytes / 2 ** 20;
  return { rss: mega(rss), heapTotal: mega(heapTotal), heapUsed: mega(heapUsed), external: mega(external) };
}

interface Observed extends Calls {
  memory: Figures['memory'];
}

/** Calls a second, and the memory at the end; counts do not depend on who else is busy, so all are observed at once. */
async function observe(
  stage: Stage,
  { open }: OpenPool,
  seconds: number,
): Promise<[Observed, Observed, Observed, Observed]> {
  const task = { ...stage.task(), executions: open };
  await using idle = await startFollower('idle', task);
  await using idleLikeMonitor = await startFollower('idleLikeMonitor', task);
  await using monitor = await startFollower('monitor', task);
  await using naive = await startFollower('naive', task);
  const ask = async () => ({
    at: performance.now(),
    of: await Promise.all([idle.figures(), idleLikeMonitor.figures(), monitor.figures(), naive.figures()]),
  });
  const before = await ask();
  await pause(seconds * 1_000);
  const after = await ask();
  const elapsed = (after.at - before.at) / 1_000;
  return after.of.map(({ engine, ledger, memory }, n) => ({
    memory,
    engine: between(before.of[n]?.engine ?? {}, engine, elapsed),
    ledger: between(before.of[n]?.ledger ?? {}, ledger, elapsed),
  })) as [Observed, Observed, Observed, Observed];
}
