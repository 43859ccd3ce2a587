import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { row, visit } from './scene.ts';

/** What go-to leads to beside ids: saved views, and what can be done on the page that is shown. */
export function goAnywhere(scene: () => Scene): void {
  test('go-to has the views that were saved, what the page offers, and a rerun of all that failed like this', async () => {
    const { at, failed } = scene();
    const { client } = await at.as('ada');
    await client.execution.saveView.mutate({ name: 'Declined lately', filter: 'status=failed' });
    const page = await visit(scene(), `/executions/${failed}`);
    await page.getByRole('region', { name: 'Outcome' }).waitFor();
    const goTo = async (typed: string, option: RegExp) => {
      await page.keyboard.press('Control+k');
      await page.locator('dialog input:focus').waitFor();
      await page.keyboard.insertText(typed);
      await page.getByRole('option', { name: option }).click();
    };
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: /^Proof/ }).waitFor();
    // What each leads to is seen before it is read.
    const bare = page.getByRole('option').filter({ hasNot: page.locator('svg') });
    expect(await bare.allTextContents()).toEqual([]);
    await page.keyboard.press('Escape');
    await goTo('declined la', /^Declined lately/);
    await expect.poll(() => new URL(page.url()).searchParams.get('status')).toBe('failed');
    await row(page, failed).waitFor();
    await page.goBack();
    await page.getByRole('region', { name: 'Outcome' }).waitFor();
    await goTo('rerun', /^Rerun this execution…/);
    await expect.poll(() => page.url()).toContain(`/start?from=${failed}`);
    await goTo('the score of alan', /^Rerun the \d+ that failed like this/);
    await page.getByRole('dialog', { name: 'Rerun all that failed like this?' }).waitFor();
    await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/failures\//);
  });
}
