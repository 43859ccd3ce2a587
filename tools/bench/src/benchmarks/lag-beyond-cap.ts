import type { Benchmark, Row, Settings } from '../benchmark.ts';
import { followClosures } from '../follow-closures.ts';
import { formatMs, formatNumber } from '../format-figure.ts';
import { createOpenPool } from '../open-pool.ts';
import { ENOUGH_POLLS, openStage } from '../stage.ts';
import { faultRow } from './fault-row.ts';
import { lagSample } from './lag.ts';

/** From the close to the row, where most executions cannot be watched. */
export const lagBeyondCap: Benchmark = {
  name: 'lag-beyond-cap',
  about: 'From the close of an execution to its row, 5,000 open (six times the cap) and 20 closing a second',

  async prepare({ many, closeSeconds: seconds }, say) {
    const stage = await openStage({ dynamicConfig: ENOUGH_POLLS });
    const pool = createOpenPool(stage, stage.ledger, many);
    return {
      async run() {
        say('monitor');
        const monitor = await followClosures(stage, pool, { kind: 'monitor', seconds });
        say('naive');
        const naive = await followClosures(stage, pool, { kind: 'naive', seconds });
        return lagSample({ monitor, naive });
      },
      [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
    };
  },

  rows({ values, faults }, { many }: Settings): Row[] {
    const { monitorP50 = 0, monitorP99 = 0, naiveP50 = 0, naiveP99 = 0, allCalls = 0 } = values;
    return [
      {
        what: `close → row, ${many} open, p50`,
        measured: formatMs(monitorP50),
        comparedWith: `naive ${formatMs(naiveP50)}`,
        toReach: '',
        reached: null,
      },
      {
        what: `close → row, ${many} open, p99`,
        measured: formatMs(monitorP99),
        comparedWith: `naive ${formatMs(naiveP99)}`,
        toReach: '≤ 800 ms',
        reached: monitorP99 <= 800,
      },
      faultRow(`${many} open`, faults),
      {
        what: `all ledger calls per closure, ${many} open`,
        measured: formatNumber(allCalls),
        comparedWith: 'naive 1',
        toReach: '',
        reached: null,
      },
    ];
  },
};
