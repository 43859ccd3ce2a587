import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { settled, visit } from './scene.ts';

const MOST_TAGS = 50;

/** Runs in the page: what stands below bars, and where, as a share of their width. */
const TICKS = `(() => {
  const figure = document.querySelector('main figure');
  const bars = figure.querySelector('svg').getBoundingClientRect();
  return [...figure.querySelectorAll('span')]
    .filter((span) => span.offsetWidth > 0)
    .map((span) => ({ text: span.textContent, share: (span.getBoundingClientRect().left - bars.left) / bars.width }));
})()`;

/** Whatever executions are called, and however much there is of them. */
export function drawOddRows(scene: () => Scene): void {
  test('an instant below bars stands where its bar begins, wherever bars are', async () => {
    const { at } = scene();
    const page = await visit(scene(), '/executions');
    await standBelowTheirBars(page);
    await page.goto(`${at.url}/workflows/${at.workflows.creditCheck}`);
    await standBelowTheirBars(page);
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${at.url}/executions`);
    await standBelowTheirBars(page);
  });

  test('a row with as many tags as there may be is as tall as any other', async () => {
    const { at } = scene();
    const user = { email: 'tags@example.com', password: 'a long enough password' };
    const userId = await at.signUp(user);
    await at.record(userId, 1, { tags: Array.from({ length: MOST_TAGS }, (_, index) => `tag-${index}`) });
    await at.record(userId, 1);
    const page = await visit(scene(), '/executions', { user });
    const rows = page.locator('tr[data-id]');
    await rows.nth(1).waitFor();
    await page.getByText('+47', { exact: true }).waitFor();
    const [plain, tagged] = await Promise.all([rows.nth(0).boundingBox(), rows.nth(1).boundingBox()]);
    expect(tagged?.height).toBe(plain?.height);
  });
}

async function standBelowTheirBars(page: Page): Promise<void> {
  await page.locator('main figure svg').waitFor();
  await settled(page);
  const ticks = await page.evaluate<{ text: string; share: number }[]>(TICKS);
  expect(ticks.length).toBeGreaterThan(1);
  // None runs into the next.
  const boxes = await page.locator('main figure div > span:visible').evaluateAll((spans) =>
    spans.map((span) => {
      const { left, right } = (
        span as unknown as { getBoundingClientRect(): { left: number; right: number } }
      ).getBoundingClientRect();
      return { left, right };
    }),
  );
  for (const [index, { left }] of boxes.entries())
    expect(left).toBeGreaterThan(boxes[index - 1]?.right ?? Number.NEGATIVE_INFINITY);
  await page.getByRole('button', { name: 'As a table' }).click();
  const starts = await page.locator('main figure tbody td:first-child').allTextContents();
  for (const { text, share } of ticks) expect(share, text).toBeCloseTo(starts.indexOf(text) / starts.length, 2);
  await page.getByRole('button', { name: 'As bars' }).click();
}
