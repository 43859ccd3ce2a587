import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import type { Scene } from './scene.ts';
import { settled, start, visit } from './scene.ts';

/** Chooses an action of the execution that is shown from its menu. */
async function choose(page: Page, label: string) {
  const outcome = page.getByRole('region', { name: 'Outcome' });
  await outcome.getByRole('button', { name: 'More actions' }).click();
  await outcome.getByRole('button', { name: label, exact: true }).click();
  return page.getByRole('dialog');
}

const ends = (page: Page, heading: RegExp | string) => page.getByRole('heading', { level: 1, name: heading }).waitFor();

/** What is asked of one execution, beside cancelling, terminating and running it again. */
export function actOnOne(scene: () => Scene): void {
  test('a signal is sent with what goes with it; what is not JSON is refused before anything is sent', async () => {
    const id = await start(scene(), 'order', { item: 'signalled loaf', quantity: 20, approveWithinSeconds: 3_600 });
    const page = await visit(scene(), `/executions/${id}`);
    await settled(page);
    const dialog = await choose(page, 'Send a signal…');
    await dialog.getByLabel('Signal', { exact: true }).fill('approve');
    await dialog.getByLabel(/^With it/).fill('ada');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByText('What goes with it is not JSON: texts need quotes.').waitFor();
    await dialog.getByLabel(/^With it/).fill('"ada"');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await ends(page, /^Completed/);
    await page.getByRole('region', { name: 'Output' }).getByText('"ada"').waitFor();
  });

  test('a reset needs a reason, and the same execution runs again', async () => {
    const { run } = await scene().at.as('ada');
    const { id } = await run(scene().at.workflows.order as string, { item: 'reset loaf', quantity: 1 });
    const page = await visit(scene(), `/executions/${id}`);
    await settled(page);
    const dialog = await choose(page, 'Reset…');
    await dialog.getByRole('button', { name: 'Reset', exact: true }).click();
    // Asked for, and not done so far.
    await dialog.getByLabel('Why').and(page.locator(':focus')).waitFor();
    await dialog.getByLabel('Why').fill('the oven was cold');
    await dialog.getByRole('button', { name: 'Reset', exact: true }).click();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('region', { name: 'What the ledger saw' }).getByText('Another run: it was reset').waitFor();
    await ends(page, /^Completed/);
  });

  test('what Temporal does not know ends as a person says, with their reason', async () => {
    const id = await scene().at.register('linus', {
      temporalWorkflowId: `forgotten-${Date.now()}`,
      temporalRunId: crypto.randomUUID(),
    });
    const { client } = await scene().at.as('linus');
    await expect.poll(async () => (await client.execution.getExecution.query({ id })).health?.health).toBe('lost');
    const page = await visit(scene(), `/executions/${id}`, { user: 'linus' });
    await page.getByRole('button', { name: 'Record its end…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('It ended as').selectOption('completed');
    const record = dialog.getByRole('button', { name: 'Record its end' });
    expect(await record.isEnabled()).toBe(false);
    await dialog.getByLabel('How that is known').fill('the parcel has arrived');
    await record.click();
    await ends(page, /^Completed/);
    await page
      .getByRole('region', { name: 'What the ledger saw' })
      .getByText(/the parcel has arrived/)
      .waitFor();
  });

  test('what is deleted is gone for everybody, and the page that shows it says so', async () => {
    const { run, client } = await scene().at.as('ada');
    const { id } = await run(scene().at.workflows.order as string, { item: 'deleted loaf', quantity: 1 });
    const { page, close } = await scene().at.open(`/executions/${id}`);
    // What is not there any more, the browser reports.
    onTestFinished(close);
    await settled(page);
    const dialog = await choose(page, 'Delete…');
    await dialog.getByRole('button', { name: 'Keep it' }).and(page.locator(':focus')).waitFor();
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    // The dialog goes with what could be done, once the page has heard of it: before somebody closes it, or after.
    await page.getByText(/^It was deleted by you while you looked, /).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'More actions' }).count()).toBe(0);
    await expect.poll(() => page.locator('dialog[open]').count()).toBe(0);
    await expect(client.execution.getExecution.query({ id })).rejects.toThrow();
  });
}
