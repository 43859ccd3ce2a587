/** The parts of `@runledger/client/react` that take what they show, in a real Chromium: how they look, and what keys do. */
import { fileURLToPath } from 'node:url';
import { accessibilityFaults, buildPage, openChromium } from '@runledger/browser';
import { afterAll, beforeAll, expect, test } from 'vitest';

const fixture = (name: string) =>
  fileURLToPath(new URL(`./react/fixtures/${name}`, import.meta.resolve('@runledger/client')));
const GALLERY = fixture('gallery-page.tsx');

let page: Awaited<ReturnType<typeof buildPage>>;
let browser: Awaited<ReturnType<typeof openChromium>>;

beforeAll(async () => {
  [page, browser] = await Promise.all([buildPage(GALLERY), openChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await page?.[Symbol.asyncDispose]();
});

async function open(hash = '', options: Parameters<typeof browser.newPage>[0] = {}) {
  const tab = await browser.newPage(options);
  await tab.goto(`${page.url}/${hash}`);
  await tab.waitForSelector('.rl-timeline');
  return tab;
}

test.each([
  ['light', '', {}],
  ['dark', '#dark', {}],
  ['forced colours', '', { forcedColors: 'active' }],
  ['a phone', '', { viewport: { width: 320, height: 640 } }],
] as const)('axe finds nothing wrong in %s', async (_, hash, options) => {
  const tab = await open(hash, options);
  expect(await accessibilityFaults(tab, { isWhole: false })).toEqual([]);
});

/** What resets change of elements. */
const LOOK = `[...document.querySelectorAll('.rl, .rl *')].map((one) => {
  const { borderTopWidth, borderBottomWidth, paddingTop, paddingLeft, color, backgroundColor, fontSize, fontWeight } = getComputedStyle(one);
  return [one.tagName, one.getAttribute('class'), borderTopWidth, borderBottomWidth, paddingTop, paddingLeft, color, backgroundColor, fontSize, fontWeight].join(' ');
})`;

test('among resets that stand in no layer the stylesheet without one looks as it does alone', async () => {
  const [alone, tab] = await Promise.all([open(), open()]);
  await tab.addStyleTag({ path: fixture('resets.css') });
  const looks = await alone.evaluate<string[]>(LOOK);
  expect(looks.length).toBeGreaterThan(100);
  // A rule in no layer wins over all that are in one.
  expect(await tab.evaluate<string[]>(LOOK)).not.toEqual(looks);
  await tab.addStyleTag({ path: fixture('../styles-unlayered.css') });
  expect(await tab.evaluate<string[]>(LOOK)).toEqual(looks);
});

test('a phone of 320 px shows all of it without scrolling sideways', async () => {
  const tab = await open('', { viewport: { width: 320, height: 640 } });
  expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(320);
});

/** Of the first element of a selector, whether its text is read from the left: where its first character stands, and its last. */
const readFromLeft = (selector: string) => `(() => {
  const text = document.createTreeWalker(document.querySelector('${selector}'), NodeFilter.SHOW_TEXT).nextNode();
  const left = (at) => {
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return range.getBoundingClientRect().left;
  };
  return left(0) < left(text.length - 1);
})()`;

test('on a page from right to left it begins at the right, and times and names of code stay as they are written', async () => {
  const tab = await open('', { viewport: { width: 320, height: 640 } });
  await tab.evaluate(`document.documentElement.dir = 'rtl'`);
  expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(320);
  for (const selector of ['.rl-took bdi', '.rl-step .rl-name bdi'])
    expect(await tab.evaluate(readFromLeft(selector)), selector).toBe(true);
  const [name, took] = await Promise.all(
    ['.rl-step', '.rl-took'].map((selector) => tab.locator(selector).first().boundingBox()),
  );
  expect(name?.x).toBeGreaterThan(took?.x as number);
  expect(await accessibilityFaults(tab, { isWhole: false })).toEqual([]);
});

test('nothing turns for whoever asked for less motion', async () => {
  const animations = 'document.getAnimations().length';
  expect(await (await open('', { reducedMotion: 'no-preference' })).evaluate(animations)).toBeGreaterThan(0);
  expect(await (await open('', { reducedMotion: 'reduce' })).evaluate(animations)).toBe(0);
});

test('forced colours keep every status as icon and word', async () => {
  const tab = await open('', { forcedColors: 'active' });
  const labels = tab.locator('.rl-status');
  for (const label of await labels.all()) {
    expect((await label.textContent())?.length).toBeGreaterThan(0);
    expect(await label.locator('svg').isVisible()).toBe(true);
  }
});

test('t goes into a timeline, arrows from step to step, Enter opens one, + zooms and 0 shows all', async () => {
  const tab = await open();
  const focused = () => tab.locator('th:has(:focus)').textContent();
  await tab.keyboard.press('t');
  expect(await focused()).toBe('activity reserveStock');
  await tab.keyboard.press('ArrowRight');
  expect(await focused()).toBe('activity chargeCard ×3');
  await tab.keyboard.press('Enter');
  await tab.waitForSelector('.rl-detail >> text=card declined');
  const ticks = () => tab.locator('.rl-timeline').first().locator('.rl-tick').allTextContents();
  const before = await ticks();
  await tab.keyboard.press('+');
  await expect.poll(ticks).not.toEqual(before);
  await tab.keyboard.press('0');
  await expect.poll(ticks).toEqual(before);
});

test('dragging along an axis zooms to what was dragged over, and a double click shows all again', async () => {
  const tab = await open();
  const axis = tab.locator('.rl-axis').first();
  const { x, y, width } = (await axis.boundingBox()) as { x: number; y: number; width: number };
  const ticks = () => axis.locator('.rl-tick').allTextContents();
  expect((await ticks())[0]).toBe('0 s');
  await tab.mouse.move(x + width / 2, y + 20);
  await tab.mouse.down();
  await tab.mouse.move(x + width * 0.75, y + 20, { steps: 5 });
  await tab.mouse.up();
  // The second half of 6.4 s, to three quarters.
  await expect.poll(async () => (await ticks())[0]).toBe('3.5 s');
  await axis.dblclick({ position: { x: width / 2, y: 20 } });
  await expect.poll(async () => (await ticks())[0]).toBe('0 s');
});

test('idle time is a band that opens', async () => {
  const tab = await open();
  const band = tab.getByRole('button', { name: '7 d idle' });
  await band.click();
  await expect.poll(() => band.count()).toBe(0);
  await tab.getByRole('button', { name: 'Fold idle time' }).click();
  await expect.poll(() => band.count()).toBe(1);
});
