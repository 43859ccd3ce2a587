import { setTimeout as pause } from 'node:timers/promises';
import { addUser, startApi } from '../api/api-process.ts';
import { watchList } from '../api/watch-rows.ts';
import type { Benchmark, Row } from '../benchmark.ts';
import { CLOSES_PER_SECOND } from '../benchmark.ts';
import { closeAtRate } from '../close-executions.ts';
import { startFollower } from '../follower.ts';
import { formatMs, formatNumber } from '../format-figure.ts';
import { createOpenPool } from '../open-pool.ts';
import { percentile } from '../quantile.ts';
import { untilRecorded } from '../recorded.ts';
import { ENOUGH_POLLS, openStage } from '../stage.ts';

/** How long a row may stay as it was until its change counts as never shown. */
const NEVER_AFTER_MS = 30_000;

/** From the close in Temporal to the frame of a browser that shows it: monitor, ledger, API, stream and page on one machine. */
export const shown: Benchmark = {
  name: 'shown',
  about:
    'From the close of an execution in Temporal to the frame in which the page shows it, 500 open, 20 closing a second',

  async prepare({ few, closeSeconds }, say) {
    const stage = await openStage({ dynamicConfig: ENOUGH_POLLS });
    const { ledger } = stage;
    const pool = createOpenPool(stage, ledger, few);
    const token = await addUser(ledger, 'bench');
    return {
      async run() {
        await pool.fill();
        await using follower = await startFollower('monitor', {
          ...stage.task(),
          executions: pool.open,
          insists: true,
        });
        void follower;
        await using api = await startApi(ledger, stage.temporal.address, { page: true });
        await using list = await watchList(api.url, { id: 'bench', token });
        const lags: number[] = [];
        let [closed, unseen] = [0, 0];
        const wanted = Math.min(few / 2, closeSeconds * CLOSES_PER_SECOND);
        while (closed < wanted) {
          const ids = new Set(await list.open());
          const rows = pool.takeOf(ids);
          say(`${closed} of ${wanted} closed`);
          await closeAtRate(stage.client, rows, CLOSES_PER_SECOND);
          const recorded = await untilRecorded(ledger, rows, NEVER_AFTER_MS);
          const deadline = Date.now() + NEVER_AFTER_MS;
          while ((await list.shown()).length < rows.length && Date.now() < deadline) await pause(50);
          const at = new Map((await list.shown()).map((row) => [row.id, row.at]));
          for (const [n, id] of recorded.ids.entries())
            lags.push((at.get(id) ?? Number.POSITIVE_INFINITY) - (recorded.closedAt[n] ?? Number.NaN));
          unseen += rows.filter(({ executionId }) => !at.has(executionId)).length;
          closed += rows.length;
        }
        return {
          values: { p50: percentile(lags, 0.5), p99: percentile(lags, 0.99) },
          faults: { unseen },
          items: {},
        };
      },
      [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
    };
  },

  rows({ values: { p50 = Number.NaN, p99 = Number.NaN }, faults: { unseen = 0 } }, { few }): Row[] {
    const row = { comparedWith: '', reached: null, toReach: '' };
    return [
      {
        ...row,
        what: `close → page, ${few} open, p50`,
        measured: formatMs(p50),
        toReach: '≤ 300 ms',
        reached: p50 <= 300,
      },
      {
        ...row,
        what: `close → page, ${few} open, p99`,
        measured: formatMs(p99),
        toReach: '≤ 700 ms',
        reached: p99 <= 700,
      },
      {
        ...row,
        what: 'closures that the page never showed',
        measured: formatNumber(unseen),
        toReach: '0',
        reached: unseen === 0,
      },
    ];
  },
};
