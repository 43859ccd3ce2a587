import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import type { Scene } from './scene.ts';
import { row, settled } from './scene.ts';

const SAYS = 'This part of the page did not come';

/** What the browser says of a script that did not come, and React of what it was for. */
const EXPECTED = /Failed to load resource|dynamically imported module|ERR_FAILED/;

/** A tab to which scripts of these names do not come until it is told otherwise. */
async function without(scene: Scene, scripts: RegExp, path: string) {
  const { page, complaints, close } = await scene.at.open('/workflows');
  onTestFinished(async () => {
    await close();
    expect(complaints.filter((one) => !EXPECTED.test(one))).toEqual([]);
  });
  await page.route(scripts, (route) => route.abort());
  await page.goto(scene.at.url + path);
  await settled(page);
  return { page, come: () => page.unroute(scripts) };
}

const openAnew = (page: Page) => page.getByRole('button', { name: 'Open the page anew' });

/** A connection that is away, or a new version: scripts that are fetched when they are needed do not come. */
export function surviveBrokenParts(scene: () => Scene): void {
  test('a page whose script does not come says so in its place, the others go on, and it is there once it comes', async () => {
    const { page, come } = await without(scene(), /assets\/failures-page-/, '/workflows');
    const rail = page.getByRole('navigation', { name: 'Pages' });
    await rail.getByRole('link', { name: 'Failures', exact: true }).click();
    await page.getByRole('alert').getByRole('heading', { level: 1, name: SAYS }).waitFor();
    await rail.getByRole('link', { name: 'Workflows', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Workflows' }).waitFor();
    await page.goBack();
    await come();
    await openAnew(page).click();
    await page.getByRole('heading', { level: 1, name: 'Failures' }).waitFor();
  });

  test('a dialog whose script does not come says that nothing was done, and the page stays', async () => {
    const { page } = await without(scene(), /assets\/dialogs-/, `/executions/${scene().open}`);
    await page.getByRole('button', { name: 'Cancel…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Nothing was done' });
    await dialog.getByText(SAYS).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('dialog[open]').count()).toBe(0);
    await page.getByRole('region', { name: 'Outcome' }).waitFor();
  });

  test('a browser without a network says so at once, and goes on by itself once it has one', async () => {
    const { at, failed, completed } = scene();
    const { page, close } = await at.open('/executions?status=completed');
    onTestFinished(close);
    await row(page, completed).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.context().setOffline(true);
    await page.getByText(/^Reconnecting since/).waitFor();
    await page.getByText(/The connection is away; the rows below may have moved on/).waitFor();
    // What is asked for meanwhile comes with the network.
    await page.keyboard.press('e');
    await page.locator('.panel[aria-busy=true]', { hasText: 'Executions, filtered' }).waitFor();
    const { run } = await at.as('ada');
    const { id } = await run(at.workflows.creditCheck as string, { applicant: 'Alan', amount: 250_000 });
    await page.context().setOffline(false);
    await page.getByText('Live', { exact: true }).waitFor();
    await row(page, failed).waitFor();
    await row(page, id).waitFor();
    // So is a page whose script did not come.
    await page.context().setOffline(true);
    await page.getByRole('link', { name: 'Failures', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: SAYS }).waitFor();
    await page.context().setOffline(false);
    await page.getByRole('heading', { level: 1, name: 'Failures' }).waitFor();
  });
}
