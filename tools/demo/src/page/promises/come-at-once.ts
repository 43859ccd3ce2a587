import { describe, expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { settled, visit } from './scene.ts';

const SCRIPT = /assets\/[^"]+\.js/g;

/** By its address, what a page is there to show. */
const shownAt = ({ at, failed }: Scene): [path: string, procedure: string][] => [
  ['/', 'execution.getStats'],
  ['/executions', 'execution.listExecutions'],
  [`/executions/${failed}`, 'execution.getExecution'],
  ['/failures', 'execution.getFailureGroups'],
  ['/workflows', 'workflow.list'],
  [`/workflows/${at.workflows.order}`, 'workflow.get'],
  [`/workflows/${at.workflows.order}/start`, 'workflow.get'],
  ['/system', 'system.getProof'],
];

/** How often a browser waits for an answer before it shows a page: for the page, for its scripts, for what it shows. */
export function comeAtOnce(scene: () => Scene): void {
  describe('opening a page', () => {
    test('takes in its scripts together, and asks for what it shows with its first question', async () => {
      const page = await visit(scene(), '/workflows');
      for (const [path, procedure] of shownAt(scene())) {
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
        expect(asked, path).toContain(procedure);
        await tab.close();
      }
    });
  });
}
