import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DEMO_TASK_QUEUE } from '../../definitions.ts';
import type { Scene } from './scene.ts';
import { visit } from './scene.ts';

/** More than is shown whole, in characters. */
const LONG = 70_000;

/** Input and output as they are, or why not. */
export function showWhatWasGiven(scene: () => Scene): void {
  test('a hidden value says that its workflow’s owner hides it, and copying gives no more', async () => {
    const { client, run } = await scene().at.as('ada');
    const { id: workflowId } = await client.workflow.create.mutate({
      ...{ name: 'Checks in secret', workflowType: 'creditCheck', taskQueue: DEMO_TASK_QUEUE },
      redact: ['/input/applicant'],
    });
    const { id } = await run(workflowId, { applicant: 'Barbara', amount: 900 });
    const page = await visit(scene(), `/executions/${id}`);
    const input = page.getByRole('region', { name: 'Input' });
    await input.getByText('hidden by this workflow’s owner').waitFor();
    await input.getByRole('button', { name: 'Copy' }).click();
    await input.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(JSON.parse(copied)).toEqual({ applicant: '[redacted]', amount: 900 });
    await client.workflow.update.mutate({ id: workflowId, archived: true });
  });

  test('of what is long the beginning is shown, and all of it is in a file', async () => {
    const { client, run } = await scene().at.as('ada');
    const { id: workflowId } = await client.workflow.create.mutate({
      ...{ name: 'Checks of length', workflowType: 'creditCheck', taskQueue: DEMO_TASK_QUEUE },
    });
    const given = { applicant: 'A'.repeat(LONG), amount: 900 };
    const { id } = await run(workflowId, given);
    const page = await visit(scene(), `/executions/${id}`);
    const input = page.getByRole('region', { name: 'Input' });
    await input.getByText('70 KB').waitFor();
    expect((await input.locator('pre').textContent())?.length).toBeLessThan(LONG);
    const download = page.waitForEvent('download');
    await input.getByRole('button', { name: 'Download' }).click();
    const path = await (await download).path();
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(given);
    await client.workflow.update.mutate({ id: workflowId, archived: true });
  });
}
