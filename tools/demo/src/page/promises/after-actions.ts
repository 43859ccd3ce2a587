import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { AN_HOUR, row, settled, start, visit } from './scene.ts';

/** The first answer of a procedure waits until it is let go. */
async function holdFirst(page: Page, procedure: RegExp) {
  const isAnswered = Promise.withResolvers<void>();
  const mayGo = Promise.withResolvers<void>();
  await page.route(
    procedure,
    async (route) => {
      const response = await route.fetch();
      isAnswered.resolve();
      await mayGo.promise;
      await route.fulfill({ response });
    },
    { times: 1 },
  );
  return { isAnswered: isAnswered.promise, letGo: mayGo.resolve };
}

/** What is shown after an action is not older than the action. */
export function showNothingOlder(scene: () => Scene): void {
  test('an answer from before an end, which comes after it, is followed by one from after it', async () => {
    const { at } = scene();
    const id = await start(scene(), 'transcodeVideo', { title: 'trailer', seconds: AN_HOUR });
    const page = await visit(scene(), '/workflows');
    const { isAnswered, letGo } = await holdFirst(page, /explainExecution/);
    await page.goto(`${at.url}/executions/${id}`);
    await isAnswered;
    const { client } = await at.as('ada');
    await client.execution.terminateExecution.mutate({ id, reason: 'it is over' });
    await page.locator('.outcome[data-tone=quiet]').waitFor();
    letGo();
    await page.getByRole('heading', { level: 1, name: 'Terminated by you: it is over' }).waitFor();
  });

  test('a list keeps its rows in their places when something is done to one: what has come since waits', async () => {
    const tag = `kept-${Date.now()}`;
    const { at } = scene();
    const { client } = await at.as('ada');
    const run = async () => {
      const input = { title: 'trailer', seconds: AN_HOUR };
      const workflowId = at.workflows.transcodeVideo as string;
      return (await client.execution.createExecution.mutate({ workflowId, input, tags: [tag] })).id;
    };
    const older = await run();
    const newest = await run();
    const page = await visit(scene(), `/executions?tag=${tag}&status=running`);
    await row(page, older).waitFor();
    await page.getByText(/shown, nothing new$/).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const places = async () => (await row(page, older).boundingBox())?.y;
    const before = await places();
    const latest = await run();
    await page.getByRole('button', { name: '1 new' }).waitFor();
    await row(page, newest).getByRole('checkbox').click();
    await page.getByRole('button', { name: 'Terminate…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why').fill('not needed');
    await dialog.getByRole('button', { name: 'Terminate', exact: true }).click();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await row(page, newest).getByText('No longer matches').waitFor();
    await settled(page);
    expect(await places()).toBe(before);
    expect(await row(page, latest).count()).toBe(0);
    await page.getByRole('button', { name: '1 new' }).click();
    await row(page, latest).waitFor();
    await expect.poll(() => row(page, newest).count()).toBe(0);
    await client.execution.terminateExecutions.mutate({ ids: [older, latest], reason: 'a test is over' });
  });
}
