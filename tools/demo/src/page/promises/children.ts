import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { settled, start, visit } from './scene.ts';

/** Runs onboardings with the welcome pack of each as a child. @returns their ids, and the runs of their children */
async function onboard(scene: Scene) {
  const { client } = await scene.at.as('ada');
  const id = await start(scene, 'onboardCustomer', { customer: 'Ada' });
  const childOf = async () => {
    const { state, steps } = await client.execution.getTimeline.query({ id });
    return state === 'complete' ? steps.find(({ kind }) => kind === 'child')?.child : undefined;
  };
  await expect.poll(childOf).toBeDefined();
  const { workflowId: temporalWorkflowId, runId } = (await childOf()) as { workflowId: string; runId: string };
  return { id, run: { temporalWorkflowId, temporalRunId: runId } };
}

/** Which executions a page asks for by their ids. */
function watchAsked(page: Page): () => string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const url = decodeURIComponent(request.url());
    if (url.includes('listExecutions')) asked.push(url);
  });
  return () => asked;
}

const stepOf = (page: Page, name: RegExp) => page.getByRole('region', { name: 'Steps' }).getByRole('button', { name });

/** What a workflow has left to others is an execution too, where somebody has told the ledger of it. */
export function leadToChildren(scene: () => Scene): void {
  test('a child is a link to its execution where the ledger has it and the reader may see it', async () => {
    const { at } = scene();
    const [known, others, unknown] = [await onboard(scene()), await onboard(scene()), await onboard(scene())];
    const childId = await at.register('ada', known.run);
    await at.register('grace', others.run);
    // Of the same workflow id, but another run: another execution.
    const other = { ...unknown.run, temporalRunId: '01939c5e-0000-7000-8000-000000000001' };
    await at.finish(await at.register('ada', other));
    const page = await visit(scene(), '/workflows');
    const asked = watchAsked(page);
    for (const { id, run } of [others, unknown, known]) {
      await page.goto(`${at.url}/executions/${id}`);
      await settled(page);
      await stepOf(page, /sendWelcomePack/).click();
      await page.getByRole('region', { name: 'sendWelcomePack' }).getByText(run.temporalWorkflowId).waitFor();
      await expect.poll(() => asked().filter((url) => url.includes(run.temporalWorkflowId)).length).toBe(1);
      await settled(page);
      if (id !== known.id) expect(await page.getByRole('link', { name: run.temporalWorkflowId }).count()).toBe(0);
    }
    // Whichever steps are looked at: they were asked for together.
    await stepOf(page, /openAccount/).click();
    await stepOf(page, /sendWelcomePack/).click();
    await page.getByRole('link', { name: known.run.temporalWorkflowId }).click();
    await expect.poll(() => page.url()).toBe(`${at.url}/executions/${childId}`);
    await page.getByRole('heading', { level: 1, name: /^Completed/ }).waitFor();
    expect(asked().filter((url) => url.includes(known.run.temporalWorkflowId))).toHaveLength(1);
  });
}
