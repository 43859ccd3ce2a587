import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { AN_HOUR, row, settled, start, visit } from './scene.ts';

/** Of the protocol of Chromium’s tools. */
const SHIFT = 8;

const pasted = (page: Page) => page.evaluate<string>('navigator.clipboard.readText()');
const dialogOf = (page: Page, name: RegExp) => page.getByRole('dialog', { name });

async function leave(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect.poll(() => page.locator('dialog[open]').count()).toBe(0);
}

/** Each letter of the list of keys, on the pages that it is for; those of filters, ranges and zones have tests of their own. */
export function doWhatKeysSay(scene: () => Scene): void {
  test('a sign is heard on each keyboard, whether or not it needs Shift there', async () => {
    const page = await visit(scene(), '/executions');
    await settled(page);
    const keyboard = await page.context().newCDPSession(page);
    const press = async (key: string, code: string, hasShift: boolean) => {
      for (const type of ['keyDown', 'keyUp'] as const)
        await keyboard.send('Input.dispatchKeyEvent', { type, key, code, modifiers: hasShift ? SHIFT : 0 });
    };
    for (const [code, hasShift] of [
      ['Slash', false],
      // On a German one.
      ['Digit7', true],
    ] as const) {
      await press('/', code, hasShift);
      await page.locator('[data-search]:focus').waitFor();
      await page.keyboard.press('Escape');
      await expect.poll(() => page.locator('[data-search]:focus').count()).toBe(0);
    }
    await press('?', 'Minus', true);
    await dialogOf(page, /^Keys$/).waitFor();
    await leave(page);
    await press('?', 'Slash', false);
    await dialogOf(page, /^Keys$/).waitFor();
  });

  test('in a list: only failed ones, copies, actions about what is selected, what is new', async () => {
    const page = await visit(scene(), '/executions?status=completed,failed&sort=-ended');
    await row(page, scene().failed).waitFor();
    const first = await page.locator('tr[data-id]').first().getAttribute('data-id');
    for (const key of ['j', 'i']) await page.keyboard.press(key);
    await expect.poll(() => pasted(page)).toBe(first);
    await page.keyboard.press('y');
    await expect.poll(() => pasted(page)).toBe(page.url());
    await page.keyboard.press('x');
    await page.getByText('1 selected').waitFor();
    await page.keyboard.press('r');
    await dialogOf(page, /^Rerun .*\?$/).waitFor();
    await leave(page);
    await page.keyboard.press('c');
    await dialogOf(page, /^Nothing to cancel$/).waitFor();
    await leave(page);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByText(/\d selected/).count()).toBe(0);
    await page.keyboard.press('e');
    await expect.poll(() => new URL(page.url()).searchParams.get('status')).toBe('failed');
    await page.keyboard.press('e');
    await expect.poll(() => new URL(page.url()).searchParams.get('status')).toBeNull();
    await page.getByText(/shown, nothing new$/).waitFor();
    await settled(page);
    const id = await start(scene(), 'transcodeVideo', { title: 'by a key', seconds: AN_HOUR });
    await page.goto(`${scene().at.url}/executions?status=running`);
    await row(page, id).waitFor();
    const another = await start(scene(), 'transcodeVideo', { title: 'by a key, too', seconds: AN_HOUR });
    await page.getByRole('button', { name: '1 new' }).waitFor();
    await page.keyboard.press('n');
    await row(page, another).waitFor();
    const { client } = await scene().at.as('ada');
    for (const one of [id, another]) await client.execution.cancelExecution.mutate({ id: one });
  });

  test('on an execution: copies, the steps and back, what can be done, the list that it came from', async () => {
    const { at, failed, open } = scene();
    const page = await visit(scene(), `/executions/${failed}`);
    await settled(page);
    await page.keyboard.press('i');
    await expect.poll(() => pasted(page)).toBe(failed);
    await page.keyboard.press('y');
    await expect.poll(() => pasted(page)).toBe(`${at.url}/executions/${failed}`);
    await page.keyboard.press('t');
    const step = page.locator('.rl-step:focus');
    await step.waitFor();
    const all = page.getByRole('button', { name: 'Show all of the time' });
    await page.keyboard.press('+');
    await all.waitFor();
    await page.keyboard.press('0');
    await expect.poll(() => all.count()).toBe(0);
    await page.keyboard.press('r');
    await expect.poll(() => page.url()).toContain(`/start?from=${failed}`);
    await page.goto(`${at.url}/executions/${open}`);
    await settled(page);
    await page.keyboard.press('c');
    await dialogOf(page, /^Cancel .*\?$/).waitFor();
    await leave(page);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.url()).toBe(`${at.url}/executions`);
  });

  test('g and a letter go to each page; none is heard while somebody writes, nor once they are switched off', async () => {
    const { at, failed } = scene();
    const page = await visit(scene(), '/workflows');
    await settled(page);
    for (const [letter, path] of Object.entries({
      e: '/executions',
      f: '/failures',
      s: '/system',
      w: '/workflows',
      o: '/',
    })) {
      await page.keyboard.press('g');
      await page.keyboard.press(letter);
      await expect.poll(() => page.url()).toBe(at.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
    }
    await page.goto(`${at.url}/executions`);
    await settled(page);
    await page.keyboard.press('/');
    const field = page.getByLabel('Search error messages');
    await field.and(page.locator(':focus')).waitFor();
    await page.keyboard.type('gf');
    expect(await field.inputValue()).toBe('gf');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('input:focus').count()).toBe(0);
    expect(page.url()).toBe(`${at.url}/executions`);
    await page.goto(`${at.url}/executions/${failed}`);
    await settled(page);
    await page.keyboard.press('Shift+?');
    await dialogOf(page, /^Keys$/)
      .getByLabel('Single letters are shortcuts')
      .uncheck();
    await leave(page);
    await page.reload();
    await settled(page);
    for (const key of ['t', 'c', 'r', 'j', 'g', 'o']) await page.keyboard.press(key);
    await page.keyboard.press('Control+k');
    await page.locator('dialog input:focus').waitFor();
    expect(page.url()).toBe(`${at.url}/executions/${failed}`);
    expect(await page.locator('.rl-step:focus').count()).toBe(0);
  });
}
