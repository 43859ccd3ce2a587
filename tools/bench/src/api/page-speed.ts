import type { Page } from 'playwright-core';

/** Runs in the page before anything else: what was painted largest so far, how long interactions took, and how many rows came first. */
const OBSERVE = `(() => {
  globalThis.speed = { lcp: 0, inp: 0, firstRows: 0 };
  new PerformanceObserver((list) => { for (const { startTime } of list.getEntries()) globalThis.speed.lcp = startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId) globalThis.speed.inp = Math.max(globalThis.speed.inp, duration);
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
  new MutationObserver((_, observer) => {
    globalThis.speed.firstRows = document.querySelectorAll('tr[data-id]').length;
    if (globalThis.speed.firstRows > 0) observer.disconnect();
  }).observe(document, { subtree: true, childList: true });
})()`;

/** In milliseconds, as browsers report them of real visits. */
export interface PageSpeed {
  /** When what is largest was painted. */
  lcp: number;
  /** The slowest of all interactions so far, to the next frame; fewer than 16 ms are not told. */
  inp: number;
  /** Rows that the first of them came with. */
  firstRows: number;
}

/** Goes to an address and measures from there. */
export async function gotoMeasured(page: Page, url: string): Promise<void> {
  await page.addInitScript(OBSERVE);
  await page.goto(url);
}

/** What was measured; interactions forget what they were before. */
export const speedOf = (page: Page): Promise<PageSpeed> =>
  page.evaluate('(() => { const is = { ...globalThis.speed }; globalThis.speed.inp = 0; return is; })()');

/** Nothing larger is painted after this, in milliseconds. */
const SETTLED_MS = 700;

/** Waits for a list's rows. */
export async function untilRows(page: Page, count: number): Promise<void> {
  await page
    .locator('tr[data-id]')
    .nth(count - 1)
    .waitFor({ state: 'attached' });
  await page.waitForTimeout(SETTLED_MS);
}

const INTERACTIONS = 6;
const BETWEEN_MS = 250;

/** What somebody does with a list: selects rows, walks down by keys, and sorts it. */
export async function useList(page: Page): Promise<void> {
  for (let row = 0; row < INTERACTIONS; row++) {
    await page.locator('tr[data-id] input[type=checkbox]').nth(row).click();
    await page.waitForTimeout(BETWEEN_MS);
    await page.keyboard.press('j');
    await page.waitForTimeout(BETWEEN_MS);
  }
  await page.locator('thead button').first().click();
  await page.waitForTimeout(2 * BETWEEN_MS);
}
