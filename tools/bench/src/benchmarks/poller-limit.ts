import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark } from '../benchmark.ts';
import { followClosures } from '../follow-closures.ts';
import { formatMs } from '../format-figure.ts';
import { createOpenPool } from '../open-pool.ts';
import { openStage } from '../stage.ts';

/** The SDK repeats a refused poll until its deadline of 70 s; only then does `result()` reject. */
const UNTIL_REFUSED_MS = 90_000;

/** What becomes of both where Temporal admits fewer polls than there are executions, as it does by default. */
export const pollerLimit: Benchmark = {
  name: 'poller-limit',
  about: 'The same with Temporal’s default of 1,200 long polls a namespace, which the naive way exceeds; one run',

  async prepare({ many, closeSeconds: seconds }, say) {
    const stage = await openStage();
    const pool = createOpenPool(stage, stage.ledger, many);
    return {
      runs: 1,
      async run() {
        say('monitor');
        const monitor = await followClosures(stage, pool, { kind: 'monitor', seconds });
        say('naive');
        const before = () => pause(UNTIL_REFUSED_MS);
        const naive = await followClosures(stage, pool, { kind: 'naive', seconds, before, insists: false });
        return {
          values: { monitorP99: monitor.p99Ms, naiveP99: naive.p99Ms, gaveUp: naive.gaveUp },
          faults: { missed: monitor.missed, twice: monitor.twice, naiveMissed: naive.missed },
          items: {},
        };
      },
      [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
    };
  },

  rows({ values: { monitorP99 = 0, gaveUp = 0 }, faults }, { many, closeSeconds }) {
    const { missed = 0, twice = 0, naiveMissed = 0 } = faults;
    return [
      {
        what: `default frontend.namespaceCount, ${many} open: closures missed in ${closeSeconds} s`,
        measured: `${missed}, p99 ${formatMs(monitorP99)}`,
        comparedWith: `naive ${naiveMissed}: ${gaveUp} of its waits were refused for good`,
        toReach: 'none',
        reached: missed === 0 && twice === 0,
      },
    ];
  },
};
