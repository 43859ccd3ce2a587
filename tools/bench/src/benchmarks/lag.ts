import type { Benchmark, Row, Sample } from '../benchmark.ts';
import type { FollowedClosures } from '../follow-closures.ts';
import { allCalls, followClosures, recordingCalls } from '../follow-closures.ts';
import { formatMs, formatNumber } from '../format-figure.ts';
import { createOpenPool } from '../open-pool.ts';
import { ENOUGH_POLLS, openStage } from '../stage.ts';
import { faultRow } from './fault-row.ts';

/** From the close to the row, where every execution is watched. */
export const lag: Benchmark = {
  name: 'lag',
  about: 'From the close of an execution to its row, 500 open and 20 closing a second; calls of the ledger meanwhile',

  async prepare({ few, closeSeconds: seconds }, say) {
    const stage = await openStage({ dynamicConfig: ENOUGH_POLLS });
    const pool = createOpenPool(stage, stage.ledger, few);
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

  rows({ values, faults }, { few }): Row[] {
    const { monitorP50 = 0, monitorP99 = 0, naiveP50 = 0, naiveP99 = 0, recordingCalls = 0, allCalls = 0 } = values;
    return [
      {
        what: `close → row, ${few} open, p50`,
        measured: formatMs(monitorP50),
        comparedWith: `naive ${formatMs(naiveP50)}`,
        toReach: '≤ 30 ms',
        reached: monitorP50 <= 30,
      },
      {
        what: `close → row, ${few} open, p99`,
        measured: formatMs(monitorP99),
        comparedWith: `naive ${formatMs(naiveP99)}`,
        toReach: '≤ 150 ms and ≤ 2 × naive',
        reached: monitorP99 <= 150 && monitorP99 <= 2 * naiveP99,
      },
      faultRow(`${few} open`, faults),
      {
        what: 'recording calls per closure at 20/s',
        measured: formatNumber(recordingCalls),
        comparedWith: 'one update each: 1',
        toReach: '≤ 1.2',
        reached: recordingCalls <= 1.2,
      },
      {
        what: 'all ledger calls per closure at 20/s',
        measured: formatNumber(allCalls),
        comparedWith: 'naive 1',
        toReach: '',
        reached: null,
      },
    ];
  },
};

/** What both followers took for the same number of closures. */
export function lagSample({ monitor, naive }: Record<'monitor' | 'naive', FollowedClosures>): Sample {
  return {
    values: {
      monitorP50: monitor.p50Ms,
      monitorP99: monitor.p99Ms,
      naiveP50: naive.p50Ms,
      naiveP99: naive.p99Ms,
      recordingCalls: recordingCalls(monitor.ledgerCalls),
      allCalls: allCalls(monitor.ledgerCalls),
    },
    faults: { missed: monitor.missed, twice: monitor.twice, naiveMissed: naive.missed },
    items: {
      'ledger calls per closure, monitor': monitor.ledgerCalls,
      'ledger calls per closure, naive': naive.ledgerCalls,
      'Temporal calls per closure, monitor': monitor.engineCalls,
      'Temporal calls per closure, naive': naive.engineCalls,
    },
  };
}
