import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { settled, visit } from './scene.ts';

const SCRIPT = /assets\/[^"]+\.js/g;

/** Runs in the page: what it asked the API for, in turn, and whether that was before it was painted. */
const ASKED = `performance.getEntriesByType('resource')
  .filter(({ name }) => name.includes('/trpc/'))
  .map(({ name, startTime }) => [
    new URL(name).pathname.slice('/trpc/'.length),
    startTime < performance.getEntriesByName('first-paint')[0].startTime,
  ])`;

/** By its address, what a page is there to show. */
const shownAt = ({ at, failed }: Scene): [path: string, ...procedures: string[]][] => [
  ['/', 'execution.getStats'],
  ['/executions', 'execution.listExecutions'],
  [
    `/executions/${failed}`,
    ...['getExecution', 'explainExecution', 'getTimeline', 'getRequests', 'getProgress'].map(
      (name) => `execution.${name}`,
    ),
  ],
  ['/failures', 'execution.getFailureGroups'],
  ['/workflows', 'workflow.list'],
  [`/workflows/${at.workflows.order}`, 'workflow.get'],
  [`/workflows/${at.workflows.order}/start`, 'workflow.get'],
  ['/system', 'system.getProof'],
];

/** By its address, the requests that a page sends before it is drawn: what is one question is one request. */
const askedFirst = ({ at, failed }: Scene): Record<string, string[]> => ({
  '/': [
    'execution.getStats',
    'execution.countByHealth',
    'execution.getFailureGroups,execution.getTopWorkflows,system.getProof',
  ],
  [`/executions/${failed}`]: [
    'execution.explainExecution',
    'execution.getTimeline',
    'execution.getExecution,execution.getRequests,execution.getProgress,system.getProof',
  ],
  '/failures': ['execution.getFailureGroups,system.getProof'],
  '/workflows': ['workflow.list,execution.getWorkflowCounters,system.getProof'],
  [`/workflows/${at.workflows.order}`]: [
    'execution.getWorkflowStatistics',
    'workflow.get,execution.getFailureGroups,execution.recentRuns,system.getProof',
  ],
});

/** How often a browser waits for an answer before it shows a page: for the page, for its scripts, for what it shows. */
export function comeAtOnce(scene: () => Scene): void {
  describe('opening a page', () => {
    test('takes in its scripts together, and asks for all that it shows with its first questions', async () => {
      const page = await visit(scene(), '/workflows');
      for (const [path, ...procedures] of shownAt(scene())) {
        const scripts: string[] = [];
        const asked: string[] = [];
        const tab = await page.context().newPage();
        let isAnswered = false;
        tab.on('request', (request) => {
          const { pathname } = new URL(request.url());
          if (pathname.startsWith('/trpc/') && !isAnswered) asked.push(...pathname.slice('/trpc/'.length).split(','));
          else if (pathname.endsWith('.js') && asked.length === 0) scripts.push(pathname.slice(1));
        });
        tab.on('response', (response) => {
          isAnswered ||= response.url().includes('/trpc/');
        });
        const answer = await tab.goto(scene().at.url + path);
        const named = (await answer?.text())?.match(SCRIPT) ?? [];
        await settled(tab);
        expect(scripts.toSorted(), path).toEqual(named.toSorted());
        expect(asked, path).toEqual(expect.arrayContaining(procedures));
        await tab.close();
      }
    });

    test('asks for the rows of a list before anything is painted, with nothing that they would wait for', async () => {
      const page = await visit(scene(), '/executions?status=running');
      await settled(page);
      const [first, ...others] = await page.evaluate<[path: string, isBeforePaint: boolean][]>(ASKED);
      expect(first).toEqual(['execution.listExecutions,system.getProof', true]);
      expect(others).not.toEqual([]);
    });

    test('asks for a list, and for an execution, while the scripts are on their way, once, and again where that went wrong', async () => {
      const { at, failed } = scene();
      const page = await visit(scene(), '/failures');
      const shown: [path: string, requests: number, seen: (tab: Page) => Locator][] = [
        ['/executions?status=completed,failed&sort=-ended', 1, (tab) => tab.locator('tr[data-id]')],
        [`/executions/${failed}`, 3, (tab) => tab.getByRole('region', { name: 'Steps' }).getByRole('button')],
      ];
      for (const [path, requests, seen] of shown)
        for (const goesWrong of [false, true]) {
          const tab = await page.context().newPage();
          const early: string[] = [];
          const later: string[] = [];
          let isThere = false;
          const areAsked = Promise.withResolvers<void>();
          await tab.route('**/trpc/**', async (route) => {
            const url = route.request().url();
            (isThere ? later : early).push(url);
            if (!isThere && early.length === requests) areAsked.resolve();
            await (goesWrong && !isThere ? route.abort() : route.continue());
          });
          await tab.route(/assets\/index-[^/]+\.js$/, async (route) => {
            await areAsked.promise;
            isThere = true;
            await route.continue();
          });
          await tab.goto(at.url + path);
          await seen(tab).first().waitFor();
          await settled(tab);
          expect(later.length, path).toBeGreaterThan(0);
          // What went wrong is asked for again. Whatever was not taken, since it was asked for in other words, would be too.
          const paths = (urls: string[]) => urls.map((url) => new URL(url).pathname);
          const again = paths(later).filter((one) => paths(early).includes(one));
          if (!goesWrong) expect(again, path).toEqual([]);
          await tab.close();
        }
    });

    test('says of an address that nobody can read that there is nothing at it', async () => {
      const { at } = scene();
      const { page, complaints, close } = await at.open('/failures');
      for (const [path, what] of [
        ['/executions/%E0%A4%A', 'execution'],
        ['/workflows/%E0%A4%A', 'workflow'],
      ] as const) {
        await page.goto(at.url + path);
        await page.getByText(`There is no such ${what}, or it is not yours to see`).waitFor();
      }
      // What the API refuses, the browser reports.
      expect(complaints.filter((one) => !one.startsWith('Failed to load resource'))).toEqual([]);
      await close();
    });

    test('asks for what every other page shows before anything is painted, what is one question in one request', async () => {
      const expected = askedFirst(scene());
      const page = await visit(scene(), '/failures');
      for (const [path, requests] of Object.entries(expected)) {
        await page.goto(scene().at.url + path);
        await settled(page);
        // A browser lists what it asked for once that has been answered, in the order in which it asked.
        const firstAsked = async () => {
          const asked = await page.evaluate<[path: string, isBeforePaint: boolean][]>(ASKED);
          return asked.slice(0, requests.length).toSorted();
        };
        await expect.poll(firstAsked, { message: path }).toEqual(requests.map((request) => [request, true]).toSorted());
      }
    });
  });
}
