import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { row, settled, visit } from './scene.ts';

/** An address may come from a person, a chat that cut it, or another version. */
export function takeOddAddresses(scene: () => Scene): void {
  test('a window that is not one is named and left out, and the list is there; a kind of failure that cannot be is not there', async () => {
    const { at, completed } = scene();
    const page = await visit(scene(), '/executions?from=yesterday&sort=-size');
    await page.getByText('a filter that this version does not know: from=yesterday, sort=-size.').waitFor();
    await row(page, completed).waitFor();
    await page.goto(`${at.url}/failures/card-declined`);
    await page.getByText('There is no such kind of failure, or it is not yours to see').waitFor();
  });

  test('an order that only what has ended has says so, counts those, and leads back to all', async () => {
    const { at, open, completed } = scene();
    const page = await visit(scene(), '/executions?sort=-took');
    await row(page, completed).waitFor();
    await settled(page);
    const count = async () => Number((await page.locator('main .figure').first().textContent())?.replace(',', ''));
    const { client } = await at.as('ada');
    const ended = await client.execution.countExecutions.query({ endedFrom: '-52w' });
    await expect.poll(count).toBeGreaterThanOrEqual(ended.count);
    expect(await row(page, open).count()).toBe(0);
    await page.getByText('In this order the list has only what has ended.').waitFor();
    const before = await count();
    await page.getByRole('button', { name: 'Newest first' }).click();
    await expect.poll(count).toBeGreaterThan(before);
    expect(new URL(page.url()).search).toBe('');
    await page.goto(`${at.url}/executions?sort=-took&status=failed`);
    await settled(page);
    expect(await page.getByText('In this order').count()).toBe(0);
  });
}
