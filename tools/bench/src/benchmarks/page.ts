import { openChromium } from '@runledger/browser';
import type { Browser } from 'playwright-core';
import { addUser, startApi } from '../api/api-process.ts';
import type { BarePage } from '../api/bare-page.ts';
import { buildBarePage } from '../api/bare-page.ts';
import { openPage } from '../api/open-page.ts';
import type { PageSpeed } from '../api/page-speed.ts';
import { gotoMeasured, speedOf, untilRows, useList } from '../api/page-speed.ts';
import type { Benchmark, Row } from '../benchmark.ts';
import { CLOSES_PER_SECOND } from '../benchmark.ts';
import { closeAtRate } from '../close-executions.ts';
import { startFollower } from '../follower.ts';
import { formatMs, formatNumber } from '../format-figure.ts';
import { createOpenPool } from '../open-pool.ts';
import { quantile } from '../quantile.ts';
import { ENOUGH_POLLS, openStage } from '../stage.ts';

/** The most that the page may take, beside the bare one. */
const RATIO = 2.5;
const LOADS = 5;
const PAGE_ROWS = 100;
const LIST = '/executions?status=running';
/** How long the list is used, in seconds, at the most. */
const USED_SECONDS = 8;

interface Visitor {
  browser: Browser;
  user: { id: string; token: string };
  url: string;
  bare: BarePage;
}

/** How soon the list is there and how quickly it answers, beside the least that shows the same rows. */
export const page: Benchmark = {
  name: 'page',
  about:
    'How soon the list is painted, and how quickly it answers with 500 rows and 20 changes a second, beside a bare page',

  async prepare({ few }, say) {
    const stage = await openStage({ dynamicConfig: ENOUGH_POLLS });
    const { ledger } = stage;
    const pool = createOpenPool(stage, ledger, few + USED_SECONDS * CLOSES_PER_SECOND);
    const user = { id: 'bench', token: await addUser(ledger, 'bench') };
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
        await using barePage = await buildBarePage();
        const browser = await openChromium();
        try {
          const visitor = { browser, user, url: api.url, bare: barePage };
          const [ours, bare]: [PageSpeed[], PageSpeed[]] = [[], []];
          for (let load = 0; load < LOADS; load++) {
            say(`load ${load + 1} of ${LOADS}`);
            ours.push(await measureLoad(visitor, false));
            bare.push(await measureLoad(visitor, true));
          }
          say('in use');
          const rows = Math.floor(few / PAGE_ROWS);
          const closing = closeAtRate(stage.client, pool.take(USED_SECONDS * CLOSES_PER_SECOND), CLOSES_PER_SECOND);
          const inp = await useOurs(visitor, rows);
          await closing;
          const lcpOf = (speeds: PageSpeed[]) =>
            quantile(
              speeds.map(({ lcp }) => lcp),
              0.5,
            );
          return {
            values: { lcp: lcpOf(ours), bareLcp: lcpOf(bare), inp, bareInp: await useBare(visitor, rows) },
            faults: { moreRowsFirst: ours.filter(({ firstRows }) => firstRows > PAGE_ROWS).length },
            items: {},
          };
        } finally {
          await browser.close();
        }
      },
      [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
    };
  },

  rows({ values: { lcp = 0, bareLcp = 1, inp = 0, bareInp = 1 }, faults: { moreRowsFirst = 0 } }, { few }): Row[] {
    const row = (what: string, ms: number, bareMs: number, mostMs: number): Row => ({
      what,
      measured: formatMs(ms),
      comparedWith: `bare page ${formatMs(bareMs)}`,
      toReach: `< ${formatMs(mostMs)} and ≤ ${RATIO} × bare`,
      reached: ms < mostMs && ms <= RATIO * bareMs,
    });
    return [
      row(`list painted (LCP), ${few} open`, lcp, bareLcp, 1_000),
      row(`slowest interaction (INP), ${few} rows, ${CLOSES_PER_SECOND} changes/s`, inp, bareInp, 200),
      {
        what: `loads that painted more than ${PAGE_ROWS} rows first`,
        measured: formatNumber(moreRowsFirst),
        comparedWith: '',
        toReach: '0',
        reached: moreRowsFirst === 0,
      },
    ];
  },
};

async function measureLoad({ browser, user, url, bare }: Visitor, isBare: boolean): Promise<PageSpeed> {
  const tab = await openPage(browser, user);
  await gotoMeasured(tab, isBare ? await bare.beside(tab, url) : `${url}${LIST}`);
  await untilRows(tab, PAGE_ROWS);
  const speed = await speedOf(tab);
  await tab.context().close();
  return speed;
}

async function useOurs({ browser, user, url }: Visitor, pages: number): Promise<number> {
  const tab = await openPage(browser, user);
  await gotoMeasured(tab, `${url}${LIST}`);
  for (let shown = 1; shown < pages; shown++) {
    await untilRows(tab, shown * PAGE_ROWS);
    await tab.getByRole('button', { name: `Show ${PAGE_ROWS} more` }).click();
  }
  await untilRows(tab, pages * PAGE_ROWS);
  return answersIn(tab);
}

async function useBare({ browser, user, url, bare }: Visitor, pages: number): Promise<number> {
  const tab = await openPage(browser, user);
  await gotoMeasured(tab, await bare.beside(tab, url, { pages, changes: CLOSES_PER_SECOND }));
  await untilRows(tab, pages * PAGE_ROWS);
  return answersIn(tab);
}

/** The slowest of what somebody does with the list. A browser tells of nothing below 16 ms. */
async function answersIn(tab: Awaited<ReturnType<typeof openPage>>): Promise<number> {
  await speedOf(tab);
  await useList(tab);
  const { inp } = await speedOf(tab);
  await tab.context().close();
  return Math.max(16, inp);
}
