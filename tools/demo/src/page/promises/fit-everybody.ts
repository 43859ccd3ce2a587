import { accessibilityFaults } from '@runledger/browser';
import type { Json } from '@runledger/contracts';
import { inCi, startTcpProxy } from '@runledger/local-stack';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DEMO_TASK_QUEUE } from '../../definitions.ts';
import type { Scene } from './scene.ts';
import { AN_HOUR, settled, start } from './scene.ts';
import { statesOf } from './states.ts';
import { viewsOf } from './views.ts';

/** What colours decide, where everything else has been looked at already. */
const LOOKS = inCi(
  [
    { look: 'dark', media: { colorScheme: 'dark', forcedColors: 'none' } },
    { look: 'forced colours', media: { colorScheme: 'light', forcedColors: 'active' } },
  ] as const,
  [],
);
const LIGHT = { colorScheme: 'light', forcedColors: 'none' } as const;

/** A screen of 320 pixels, one of 1,280 at 200 %, which has room for 640, and those between. */
const WIDTHS = [320, 640, 800, 1_024, 1_280];
const SCREEN = { width: 1_280, height: 800 };

/** Runs in the page: what has more words than room. */
const SQUEEZED = `[...document.querySelectorAll('main *')]
  .filter((one) => one.clientWidth > 2 && one.clientWidth < 90 && one.checkVisibility()
    && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 40)
    && getComputedStyle(one).whiteSpaceCollapse === 'collapse' && getComputedStyle(one).textWrapMode !== 'nowrap')
  .map((one) => one.textContent.slice(0, 40))`;

/** Runs in the page: panels that what is in them sticks out of. */
const TOO_NARROW = `[...document.querySelectorAll('.panel')]
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.querySelector('h2')?.textContent ?? one.textContent.slice(0, 40))`;

/** Levels of an input: more than there is room for to the left. */
const DEEP = 100;
/** Of a row of the list, whatever is in it. */
const ROW_PIXELS = 44;
/** Runs in the page: how text ends that is too long beside the box to tick of a row, and in the column of users. */
const ENDS_OF_TEXT = `['td:has(> input)', '[data-column=user]'].map((cell) =>
  getComputedStyle(document.querySelector('tr[data-id] > ' + cell)).textOverflow)`;

/** Runs in the page: how often there is nothing where a line of the input would be. */
const EMPTY_LINES = `(() => {
  const pre = document.querySelector('pre');
  const tops = new Set();
  const texts = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode())
    for (const { index } of text.data.matchAll(/\\S/g)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + 1);
      tops.add(Math.round(range.getBoundingClientRect().top));
    }
  const lines = [...tops].sort((one, other) => one - other);
  const tall = parseFloat(getComputedStyle(pre).lineHeight);
  return lines.filter((top, at) => at > 0 && top - lines[at - 1] > tall * 1.5).length;
})()`;

/** What is wrong with what is shown now: found by axe, or too wide. */
async function faultsOf(page: Page): Promise<string[]> {
  const faults = await accessibilityFaults(page);
  for (const { look, media } of LOOKS) {
    await page.emulateMedia(media);
    const found = await accessibilityFaults(page, { only: ['color-contrast'] });
    faults.push(...found.map((fault) => `${look}: ${fault}`));
  }
  await page.emulateMedia(LIGHT);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 640 });
    const needed = await page.evaluate<number>('document.documentElement.scrollWidth');
    if (needed > width) faults.push(`wider than ${width} pixels: ${needed}`);
    for (const title of await page.evaluate<string[]>(TOO_NARROW))
      faults.push(`too narrow at ${width} pixels: ${title}`);
    for (const text of await page.evaluate<string[]>(SQUEEZED)) faults.push(`squeezed at ${width} pixels: ${text}`);
  }
  await page.setViewportSize(SCREEN);
  return faults;
}

/** Each page in each state: what axe finds in light, dark and forced colours, and what is too wide for a phone or for 200 %. */
export function fitEverybody(scene: () => Scene, prepared: () => Promise<{ lost: string }>): void {
  describe('fit for everybody', () => {
    test('each page in each state', async () => {
      const { page, close } = await scene().at.open('/', LIGHT);
      onTestFinished(close);
      const wrong: string[] = [];
      for (const { name, path, reach, leave } of viewsOf(scene())) {
        await page.goto(scene().at.url + path);
        await settled(page);
        await reach?.(page, scene());
        wrong.push(...(await faultsOf(page)).map((fault) => `${name}: ${fault}`));
        await leave?.(page);
      }
      expect(wrong).toEqual([]);
    });

    test('whatever becomes of an execution, and of the connection', async () => {
      const { at } = scene();
      const [{ lost }, proxy] = await Promise.all([prepared(), startTcpProxy({ target: new URL(at.url).host })]);
      const line = { url: `http://${proxy.address}`, cut: proxy.cut, restore: proxy.restore };
      const { page, close } = await at.open('/', { ...LIGHT, user: 'linus', url: line.url });
      onTestFinished(async () => {
        await close();
        await proxy.stop();
      });
      const wrong: string[] = [];
      for (const { name, reach, leave } of statesOf(scene(), { lost, line })) {
        await reach(page);
        wrong.push(...(await faultsOf(page)).map((fault) => `${name}: ${fault}`));
        await leave?.(page);
      }
      expect(wrong).toEqual([]);
    });

    test('what operators alone see, and a list before anything was started', async () => {
      const { page, close } = await scene().at.openAsOperator('/system');
      onTestFinished(close);
      await settled(page);
      await page.getByRole('region', { name: 'Namespace default' }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await page.getByRole('combobox', { name: /^Shown/ }).selectOption('caller');
      await page.getByRole('link', { name: 'Executions' }).first().click();
      await page.getByText('No execution so far').waitFor();
      expect(await faultsOf(page)).toEqual([]);
    });

    test('whatever people and programs write: long, or from right to left', async () => {
      const { at } = scene();
      const { userId } = await at.as('grace');
      const tag = 'a-tag-that-nobody-would-choose-'.repeat(3);
      const messages = [
        'x'.repeat(10_000),
        'התשלום נכשל כי הכרטיס נדחה '.repeat(40),
        '支払いに失敗しました。'.repeat(40),
      ];
      const ids = await at.record(userId, messages.length, { tags: [tag, 'עברית'] });
      await Promise.all(messages.map((message, index) => at.fail(ids[index] as string, message)));
      const { page, close } = await at.open(`/executions?tag=${tag}`, { ...LIGHT, user: 'grace' });
      onTestFinished(close);
      const rows = page.locator('tr[data-id]');
      await expect.poll(() => rows.count()).toBe(messages.length);
      const heights = await Promise.all((await rows.all()).map(async (one) => (await one.boundingBox())?.height ?? 0));
      expect(Math.max(...heights) - Math.min(...heights)).toBeLessThanOrEqual(1);
      const wrong = await faultsOf(page);
      for (const id of ids) {
        await page.goto(`${at.url}/executions/${id}`);
        // What no engine runs says nothing of one.
        await page.getByText(/Reported; it runs without Temporal/).waitFor();
        await settled(page);
        wrong.push(...(await faultsOf(page)));
      }
      const { client } = await at.as('grace');
      const id = await start(scene(), 'transcodeVideo', { title: 'trailer', seconds: AN_HOUR }, 'grace');
      await client.execution.terminateExecution.mutate({ id, reason: 'z'.repeat(1_000) });
      await page.goto(`${at.url}/executions/${id}`);
      await page.getByRole('heading', { level: 1, name: /^Terminated by you: z/ }).waitFor();
      await settled(page);
      wrong.push(...(await faultsOf(page)));
      expect(wrong).toEqual([]);
    });

    test('words without an end: a user’s name, what a workflow is for, a field, how far it is, a deep input', async () => {
      const { at } = scene();
      const word = 'a-word-without-an-end'.repeat(3);
      const user = { email: `${word}@example.com`, password: 'a long enough password' };
      const userId = await at.signUp(user);
      const { client } = await at.asUser(user);
      const workflow = await client.workflow.create.mutate({
        ...{ name: 'Endless', description: 'd'.repeat(400), workflowType: 'order', taskQueue: DEMO_TASK_QUEUE },
        inputSchema: { type: 'object', properties: { item: { type: 'string', title: 'l'.repeat(200) } } },
      });
      let input: Json = 'v'.repeat(300);
      for (let depth = 0; depth < DEEP; depth++) input = { level: input };
      const [id = ''] = await at.record(userId, 1, { input });
      await at.record(userId, 1, { started_at: new Date(Date.now() - 400 * 86_400_000).toISOString() });
      await at.report(id, { step: 1, steps: 2, message: 'm'.repeat(200) });

      const { page, close } = await at.open('/executions', { ...LIGHT, user });
      onTestFinished(close);
      const rows = page.locator('tr[data-id]');
      await expect.poll(() => rows.count()).toBe(2);
      await settled(page);
      const heights = await rows.evaluateAll((all) =>
        all.map((one) => (one as unknown as { offsetHeight: number }).offsetHeight),
      );
      expect(new Set(heights)).toEqual(new Set([ROW_PIXELS]));
      expect(await page.evaluate(ENDS_OF_TEXT)).toEqual(['clip', 'ellipsis']);
      const rail = await page.getByRole('navigation', { name: 'Pages' }).boundingBox();
      const out = await page.getByRole('button', { name: 'Sign out' }).boundingBox();
      expect((out?.x ?? 0) + (out?.width ?? 0)).toBeLessThan(rail?.width ?? 0);

      const wrong: string[] = [];
      for (const path of [`/workflows/${workflow.id}`, `/workflows/${workflow.id}/start`, `/executions/${id}`]) {
        await page.goto(at.url + path);
        await page
          .getByText(/dddd|mmmm/)
          .first()
          .waitFor();
        await settled(page);
        wrong.push(...(await faultsOf(page)).map((fault) => `${path}: ${fault}`));
      }
      expect(wrong).toEqual([]);
      expect(await page.evaluate<number>(EMPTY_LINES)).toBe(0);
    });

    test('on paper a page is what it says, in dark ink on white, whatever its colours are on the screen', async () => {
      const { page, close } = await scene().at.open(`/executions/${scene().failed}`);
      onTestFinished(close);
      await page.evaluate("document.documentElement.dataset.theme = 'dark'");
      await page.getByRole('heading', { level: 1, name: /does not carry/ }).waitFor();
      const background = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
      expect(await background()).not.toBe('rgb(255, 255, 255)');
      await page.emulateMedia({ media: 'print' });
      await expect.poll(background).toBe('rgb(255, 255, 255)');
      expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
      for (const part of [page.getByRole('banner'), page.getByText('Rerun…'), page.getByText('Failures')])
        expect(await part.filter({ visible: true }).count()).toBe(0);
    });

    test('nothing turns for whoever asked for less motion', async () => {
      const { page, close } = await scene().at.open(`/executions/${scene().open}`, { reducedMotion: 'reduce' });
      onTestFinished(close);
      await page.getByRole('heading', { level: 1, name: /^Running for/ }).waitFor();
      await settled(page);
      const turning = () => page.evaluate<number>('document.getAnimations().length');
      await expect.poll(turning).toBe(0);
      await page.emulateMedia({ reducedMotion: 'no-preference' });
      await expect.poll(turning).toBeGreaterThan(0);
    });

    test('more workflows than are read at once, with names as long as they may be', async () => {
      const { at } = scene();
      const { userId, run } = await at.as('grace');
      await run(at.workflows.order as string, { item: 'rye loaf', quantity: 1 });
      const longest = 'Z'.repeat(200);
      // After those of the demo, by their names.
      await at.define(userId, [longest, ...Array.from({ length: 100 }, (_, number) => `Workflow ${number} of grace`)]);
      const { page, close } = await at.open('/workflows', { ...LIGHT, user: 'grace' });
      onTestFinished(close);
      const runs = page
        .locator('tr', { has: page.getByRole('link', { name: 'Order', exact: true }) })
        .getByRole('img', { name: /^Last \d+ outcomes/ });
      await page.getByRole('button', { name: 'Show more' }).click();
      await page.getByRole('link', { name: longest, exact: true }).waitFor();
      await settled(page);
      await expect.poll(() => runs.locator('i').count()).toBeGreaterThan(0);
      await page.getByRole('link', { name: longest, exact: true }).click();
      await page.getByRole('heading', { level: 1, name: longest }).waitFor();
      await settled(page);
      expect(await faultsOf(page)).toEqual([]);
    });

    test('signing in', async () => {
      const context = await scene().at.browser.newContext(LIGHT);
      onTestFinished(() => context.close());
      const page = await context.newPage();
      await page.goto(scene().at.url);
      await page.getByLabel('Password').waitFor();
      expect(await faultsOf(page)).toEqual([]);
    });
  });
}
