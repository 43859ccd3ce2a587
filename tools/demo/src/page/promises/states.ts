import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Scene } from './scene.ts';
import { AN_HOUR, start } from './scene.ts';

/** Where somebody stands while something is not as it should be. */
export interface State {
  name: string;
  reach(page: Page): Promise<unknown>;
  /** Undoes what outlasts the page. */
  leave?(page: Page): Promise<unknown>;
}

/** What the page goes through a connection for, so that the API can be away from it. */
export interface Line {
  url: string;
  cut(): void;
  restore(): void;
}

/** Executions of Linus’s that do not go as they should: asked for early, as the monitor takes its time. */
export async function prepareStates({ at }: Scene): Promise<{ lost: string }> {
  const { client } = await at.as('linus');
  // Temporal has never heard of it.
  const lost = await at.register('linus', { temporalWorkflowId: `lost-${randomUUID()}`, temporalRunId: randomUUID() });
  await expect.poll(async () => (await client.execution.getExecution.query({ id: lost })).health?.health).toBe('lost');
  return { lost };
}

/** Each state that a page gets into without its reader, in a tab of Linus’s. */
export function statesOf(scene: Scene, { lost, line }: { lost: string; line: Line }): State[] {
  const { at } = scene;
  const shown = (page: Page, id: string, name: RegExp) =>
    page.goto(`${line.url}/executions/${id}`).then(() => page.getByRole('heading', { level: 1, name }).waitFor());
  return [
    {
      name: 'wedged',
      async reach(page) {
        await page.goto(`${line.url}/executions?health=wedged`);
        await page.locator('tr[data-id] a[data-open]').first().click();
        await page.getByText(/^Safe to do:/).waitFor();
      },
    },
    {
      name: 'lost',
      async reach(page) {
        await shown(page, lost, /, but lost: /);
        await page.getByRole('button', { name: 'Record its end…' }).waitFor();
      },
    },
    {
      name: 'late',
      async reach(page) {
        const { client } = await at.as('linus');
        const id = await start(scene, 'transcodeVideo', { title: 'trailer', seconds: AN_HOUR }, 'linus');
        // A first check of the monitor's may be under way.
        await expect
          .poll(async () => {
            await at.findLate(id, '99 of 100 take 4 s, and this one has run for 9 min');
            return (await client.execution.getExecution.query({ id })).health?.health;
          })
          .toBe('late');
        await shown(page, id, /, but late$/);
      },
    },
    {
      name: 'deleted while looked at',
      async reach(page) {
        const { client, run } = await at.as('linus');
        const { id } = await run(at.workflows.order as string, { item: 'rye loaf', quantity: 1 });
        await page.goto(`${line.url}/executions/${id}`);
        await page.getByRole('heading', { level: 1, name: /^Completed/ }).waitFor();
        await client.execution.deleteExecution.mutate({ id });
        await page.getByText(/^It was deleted by .* while you looked, /).waitFor();
      },
    },
    {
      name: 'loading',
      async reach(page) {
        await page.goto(`${line.url}/workflows`);
        await page.route(/listExecutions/, () => {});
        await page.getByRole('link', { name: 'Executions' }).first().click();
        await page.locator('.skeleton:visible').first().waitFor();
        // Where it takes long, in words too.
        await page.locator('main .text-faint', { hasText: 'Reading executions …' }).waitFor();
      },
      leave: (page) => page.unroute(/listExecutions/),
    },
    {
      name: 'behind, with the API away',
      async reach(page) {
        await page.goto(`${line.url}/executions`);
        await page.getByText('Live', { exact: true }).waitFor();
        await page.locator('tr[data-id]').first().waitFor();
        line.cut();
        await page.getByText(/the rows below may have moved on/).waitFor();
      },
      leave: async () => line.restore(),
    },
  ];
}
