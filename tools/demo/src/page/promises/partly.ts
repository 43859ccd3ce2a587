import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Scene } from './scene.ts';
import { row, settled, visit } from './scene.ts';

/** What a list and its parts do while something of them is on its way, or does not come. */
export function standOnItsOwn(scene: () => Scene): void {
  test('a part of a page that cannot be read leaves the rest, and is there once it is asked for again', async () => {
    const { page, close } = await scene().at.open('/workflows');
    onTestFinished(close);
    await page.route(/compareExecutions/, (route) => route.abort());
    await page.goto(`${scene().at.url}/executions/${scene().failed}`);
    const compared = page.getByRole('region', { name: 'Against the last success' });
    await compared.getByText('The comparison could not be loaded').waitFor();
    await page
      .getByRole('region', { name: 'Steps' })
      .getByRole('button', { name: /scoreApplicant/ })
      .waitFor();
    await page.getByRole('region', { name: 'Input' }).getByText('"Alan"').waitFor();
    await page.unroute(/compareExecutions/);
    await compared.getByRole('button', { name: 'Try again' }).click();
    await compared.getByText('They part at scoreApplicant.').waitFor();
  });

  test('what the API refuses is told in its words, with the id under which its log has it', async () => {
    const { page, close } = await scene().at.open('/executions?text=ab');
    onTestFinished(close);
    const failure = page.getByRole('alert');
    await failure.getByText('The list could not be loaded').waitFor();
    await failure.getByText(/Nothing is lost; what runs goes on\.$/).waitFor();
    const copy = failure.getByRole('button', { name: /^Copy error id / });
    // The list is asked for once more when its stream is open: which is refused under another id.
    const copied = async () => {
      await copy.click();
      const shown = (await copy.textContent())?.replace('Copy error id ', '') ?? 'none';
      const id = await page.evaluate<string>('navigator.clipboard.readText()');
      return /^[0-9a-f-]{36}$/.test(id) && id.startsWith(shown);
    };
    await expect.poll(copied).toBe(true);
  });

  test('old rows stay while others are read, and say that they wait', async () => {
    const { failed, completed } = scene();
    const page = await visit(scene(), '/executions?status=failed,completed');
    await row(page, completed).waitFor();
    const isAsked = Promise.withResolvers<void>();
    const mayCome = Promise.withResolvers<void>();
    await page.route(/listExecutions/, async (route) => {
      isAsked.resolve();
      await mayCome.promise;
      await route.continue();
    });
    await page.keyboard.press('e');
    await isAsked.promise;
    await page
      .locator('.panel[aria-busy=true]')
      .filter({ has: row(page, completed) })
      .waitFor();
    mayCome.resolve();
    await expect.poll(() => row(page, completed).count()).toBe(0);
    await row(page, failed).waitFor();
    await settled(page);
  });

  test('an export has the rows of the filter, whatever is shown of them', async () => {
    const { failed, completed } = scene();
    const page = await visit(scene(), '/executions?status=failed&sort=took');
    await row(page, failed).waitFor();
    await page.getByRole('button', { name: 'Export' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: /^CSV/ }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('executions.csv');
    const text = await readFile(await file.path(), 'utf8');
    expect(text).toContain(failed);
    expect(text).not.toContain(completed);
  });

  test('what may still be run is told beside its workflow, and what makes room', async () => {
    const { at } = scene();
    const { userId } = await at.as('grace');
    const workflowId = at.workflows.documentPipeline as string;
    await at.limit({ userId, workflowId, executionsPerDay: 50, concurrentExecutions: 4 });
    const page = await visit(scene(), `/workflows/${workflowId}`, { user: 'grace' });
    const quotas = page.getByRole('region', { name: 'What you may still run' });
    await quotas.getByText('0 of 50').waitFor();
    await quotas.getByText(/^from 0 again at /).waitFor();
    await quotas.getByText('0 of 4').waitFor();
    await quotas.getByText('one more when one of them ends').waitFor();
    await at.limit({ userId, workflowId, executionsPerDay: null, concurrentExecutions: null });
  });
}
