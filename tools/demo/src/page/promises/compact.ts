import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { settled, visit } from './scene.ts';

const HIGH = 44;
const LOW = 37;

/** Runs in the page: the distances between rows. */
const HEIGHTS = `[...new Set([...document.querySelectorAll('tr[data-id]')].map(
  (row) => Math.round(row.getBoundingClientRect().height)))]`;

const EXACT_HEIGHTS = `[...document.querySelectorAll('tr[data-id]')].map((row) => row.getBoundingClientRect().height)`;

const heightsOf = (page: Page) => page.evaluate<number[]>(HEIGHTS);

/** How much of a list is on a screen is its reader's to choose. */
export function chooseDensity(scene: () => Scene, prepared: () => Promise<unknown>): void {
  test('rows are lower where the reader says so, by keys too, and are so the next time', async () => {
    const page = await visit(scene(), '/executions');
    await settled(page);
    // Half a border belongs to each of two rows, and tags may take a second line.
    const areHigh = async () => (await heightsOf(page)).every((height) => height >= HIGH && height <= HIGH + 4);
    expect(await areHigh()).toBe(true);
    await page.getByRole('button', { name: 'Columns' }).focus();
    await page.keyboard.press('Enter');
    const choice = page.getByLabel('Compact rows');
    await choice.focus();
    await page.keyboard.press('Space');
    await expect.poll(() => heightsOf(page)).toEqual([LOW]);
    await page.keyboard.press('Escape');
    await page.reload();
    await settled(page);
    await expect.poll(() => heightsOf(page)).toEqual([LOW]);
    await page.getByRole('button', { name: 'Columns' }).click();
    expect(await choice.isChecked()).toBe(true);
    await choice.uncheck();
    await expect.poll(areHigh).toBe(true);
  });

  test('a row that says how it stands is as high as the others: none moves when one begins to', async () => {
    await prepared();
    const page = await visit(scene(), '/executions?health=wedged', { user: 'linus' });
    await page.locator('tr[data-id] .rl-health').first().waitFor();
    await settled(page);
    const heights = await page.evaluate<number[]>(EXACT_HEIGHTS);
    await page.goto(`${scene().at.url}/executions?status=terminated`);
    await page.locator('tr[data-id]').first().waitFor();
    await settled(page);
    heights.push(...(await page.evaluate<number[]>(EXACT_HEIGHTS)));
    // Half a border of the first one belongs to the head.
    expect(Math.max(...heights) - Math.min(...heights)).toBeLessThanOrEqual(1);
  });
}
