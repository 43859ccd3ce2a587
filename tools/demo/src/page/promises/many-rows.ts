import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { visit } from './scene.ts';

const ROWS = 620;
const PAGE_ROWS = 100;
const MOST_DRAWN = 500;

/** A list of more rows than a page can be quick with. */
export function keepManyRows(scene: () => Scene): void {
  test('of more than 500 rows those around the screen are in the document, and the others keep their height', async () => {
    const { at } = scene();
    const { userId } = await at.as('linus');
    await at.record(userId, ROWS);

    const page = await visit(scene(), '/executions', { user: 'linus' });
    const rows = page.locator('tr[data-id]');
    const idOf = (row: ReturnType<typeof rows.nth>) => row.getAttribute('data-id');
    await expect.poll(() => rows.count()).toBe(PAGE_ROWS);
    const newest = await idOf(rows.first());
    const tall = async () => (await page.locator('table.executions').boundingBox())?.height ?? 0;
    const heights: Record<number, number> = {};
    for (let shown = 2 * PAGE_ROWS; shown <= 600; shown += PAGE_ROWS) {
      await page.getByRole('button', { name: `Show ${PAGE_ROWS} more` }).click();
      await page.getByText(`${shown} shown`).first().waitFor();
      heights[shown] = await tall();
    }
    await expect.poll(() => rows.count()).toBe(MOST_DRAWN);
    expect(await idOf(rows.first())).not.toBe(newest);
    const [at400 = 0, at500 = 0] = [heights[400], heights[500]];
    const rowHeight = (at500 - at400) / PAGE_ROWS;
    await expect.poll(async () => Math.abs((await tall()) - at500 - (at500 - at400))).toBeLessThan(rowHeight);

    await page.evaluate('scrollTo(0, 0)');
    await expect.poll(() => idOf(rows.first())).toBe(newest);
    await expect.poll(() => rows.count()).toBe(MOST_DRAWN);
    await expect.poll(async () => Math.abs((await tall()) - at500 - (at500 - at400))).toBeLessThan(rowHeight);
  });
}
