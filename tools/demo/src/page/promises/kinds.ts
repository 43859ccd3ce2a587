import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { settled, visit } from './scene.ts';

/** More than a page shows at first. */
const KINDS = 55;
const FIRST = 50;
const HOUR_MS = 3_600_000;

/** Kinds of failures, however many there are. */
export function tellAllKinds(scene: () => Scene): void {
  test('kinds as frequent as each other stand from the one seen last on; all are shown once asked for, and each has its page', async () => {
    const { at } = scene();
    const user = { email: 'kinds@example.com', password: 'a long enough password' };
    const userId = await at.signUp(user);
    // Told apart by words: digits would be one kind.
    const messages = Array.from({ length: KINDS }, (_, n) => `${'x'.repeat(n + 1)} is broken`);
    for (const [n, message] of messages.entries()) {
      const started_at = new Date(Date.now() - HOUR_MS - n * 60_000).toISOString();
      const [id = ''] = await at.record(userId, 1, { started_at });
      await at.fail(id, message);
    }
    const page = await visit(scene(), '/failures', { user });
    const titles = page.locator('table.failures th[scope=row] a');
    await expect.poll(() => titles.count()).toBe(FIRST);
    expect(await titles.allTextContents()).toEqual(messages.slice(0, FIRST));
    await page.getByText(`The ${FIRST} most frequent kinds.`).waitFor();
    await page.getByText(`at least ${FIRST}`).waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => titles.count()).toBe(KINDS);
    expect(await titles.allTextContents()).toEqual(messages);
    await page.getByText('most frequent kinds').waitFor({ state: 'detached' });

    await titles.last().click();
    await page.getByRole('heading', { level: 1, name: messages.at(-1) }).waitFor();
    await settled(page);
    await page.getByRole('region', { name: 'What happened' }).getByRole('link', { name: '1 execution' }).click();
    await page.getByRole('button', { name: `Kind of failure ${messages.at(-1)}`, exact: true }).waitFor();
  });

  test('of one workflow are what its page leads to', async () => {
    const { at } = scene();
    const page = await visit(scene(), `/workflows/${at.workflows.creditCheck}`);
    await page.getByRole('region', { name: 'Why it fails' }).getByRole('link', { name: 'All kinds' }).click();
    await page.getByText('of Credit check').waitFor();
    const titles = page.locator('table.failures th[scope=row] a');
    await page.getByRole('link', { name: /the score of Alan/ }).waitFor();
    const count = await titles.count();
    const total = page.getByRole('main').locator('a.figure').first();
    expect(await total.getAttribute('href')).toContain(`workflowIds=${at.workflows.creditCheck}`);
    await page.getByRole('link', { name: 'show all' }).click();
    await expect.poll(() => page.getByText('of Credit check').count()).toBe(0);
    await expect.poll(() => titles.count()).toBeGreaterThanOrEqual(count);
  });
}
