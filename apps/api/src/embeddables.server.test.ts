/** The components of `@runledger/client/react` in a real Chromium, over the real API: what they show changes as executions do. */
import { fileURLToPath } from 'node:url';
import { accessibilityFaults, buildPage, openChromium } from '@runledger/browser';
import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { freePort, inCi } from '@runledger/local-stack';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';

const fixturePage = (name: string) =>
  fileURLToPath(new URL(`./react/fixtures/${name}.tsx`, import.meta.resolve('@runledger/client')));

let fixture: ApiFixture;
let service: ReturnType<typeof createExecutionService>;
let browser: Awaited<ReturnType<typeof openChromium>>;
let embeds: Awaited<ReturnType<typeof buildPage>>;
let shop: Awaited<ReturnType<typeof buildPage>>;

beforeAll(async () => {
  fixture = await startApiFixture();
  const { url, serviceRoleKey: key } = fixture.supabase;
  service = createExecutionService(connectSupabase({ url, key }));
  [embeds, shop, browser] = await Promise.all([
    buildPage(fixturePage('embeds-page')),
    buildPage(fixturePage('shop-page')),
    openChromium(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await embeds?.[Symbol.asyncDispose]();
  await shop?.[Symbol.asyncDispose]();
  await fixture?.[Symbol.asyncDispose]();
});

/** A user of their own with a workflow, so that tests do not see each other's executions. */
async function newcomer(name: string) {
  const user: TestUser = await fixture.signUp(name);
  const { id: workflowId } = await user.client.workflow.create.mutate(ORDER);
  return { user, workflowId, start: () => service.createExecution({ workflowId, userId: user.id }) };
}

interface Look {
  page?: { url: string };
  api?: string;
  width?: number;
}

async function open(user: TestUser, asked: Record<string, string>, { page = embeds, api, width = 900 }: Look = {}) {
  const tab = await browser.newPage({ viewport: { width, height: 800 } });
  const told = { api: api ?? fixture.api.url, token: user.token, ...asked };
  await tab.goto(`${page.url}/#${new URLSearchParams(told)}`);
  return tab;
}

type Tab = Awaited<ReturnType<typeof open>>;
const rowsOf = (tab: Tab) =>
  tab.evaluate(`[...document.querySelectorAll('tbody tr')].map((row) => row.dataset.id)`) as Promise<string[]>;

test('rows change in place, one that no longer fits stays and says so, and new ones wait until they are asked for', async () => {
  const { user, start } = await newcomer('anna');
  const first = await start();
  const second = await start();
  const tab = await open(user, { show: 'table' });
  await expect.poll(() => rowsOf(tab)).toEqual([second.id, first.id]);
  const places = () =>
    tab.evaluate(`[...document.querySelectorAll('tbody tr')].map((row) => row.getBoundingClientRect().top)`);
  const before = await places();

  await service.markFailed(first.id, { message: 'card declined' });
  const failed = tab.locator(`tr[data-id="${first.id}"]`);
  await expect.poll(() => failed.textContent()).toContain('card declined');
  await service.markCompleted(second.id);
  const completed = tab.locator(`tr[data-id="${second.id}"]`);
  await expect.poll(() => completed.textContent()).toContain('No longer matches');
  const third = await start();
  const more = tab.getByRole('button', { name: '1 new' });
  await more.waitFor();
  expect(await rowsOf(tab)).toEqual([second.id, first.id]);
  expect(await places()).toEqual(before);

  await more.click();
  await expect.poll(() => rowsOf(tab)).toEqual([third.id, first.id]);
  await tab.getByRole('button', { name: 'Order' }).first().click();
  await expect.poll(() => tab.getAttribute('body', 'data-opened')).toBe(third.id);
});

test('what happened while the API was away is caught up with in place: no row moves, and none is missing', async () => {
  const { user, start } = await newcomer('clara');
  const first = await start();
  const port = await freePort();
  const away = await startApi(fixture.variables, {}, port);
  const tab = await open(user, { show: 'table' }, { api: away.url });
  await expect.poll(() => rowsOf(tab)).toEqual([first.id]);
  // What is told proves that the stream is there before it goes.
  await service.markFailed(first.id, { message: 'no flour' });
  await tab.getByText('no flour').waitFor();
  const running = await start();
  await tab.getByRole('button', { name: '1 new' }).click();
  await expect.poll(() => rowsOf(tab)).toEqual([running.id, first.id]);
  await away[Symbol.asyncDispose]();
  await tab.getByText('Reconnecting since').waitFor();
  await service.markCompleted(running.id);
  const second = await start();
  await using _ = await startApi(fixture.variables, {}, port);
  await tab.getByRole('button', { name: '1 new' }).waitFor();
  await expect.poll(() => tab.locator(`tr[data-id="${running.id}"]`).textContent()).toContain('Completed');
  expect(await rowsOf(tab)).toEqual([running.id, first.id]);
  await tab.getByRole('button', { name: '1 new' }).click();
  await expect.poll(() => rowsOf(tab)).toEqual([second.id, first.id]);
});

test('whoever hears the page is told of changes at most once in ten seconds', async () => {
  const { user, start } = await newcomer('hanna');
  const all = [await start(), await start(), await start()];
  const tab = await open(user, { show: 'table' });
  await expect.poll(async () => (await rowsOf(tab)).length).toBe(3);
  await tab.evaluate(`(() => {
    globalThis.told = [];
    new MutationObserver(() => told.push([performance.now(), document.querySelector('[aria-live]').textContent]))
      .observe(document.querySelector('[aria-live]'), { childList: true, characterData: true, subtree: true });
  })()`);
  for (const { id } of all) await service.markFailed(id, { message: 'no' });
  const told = () => tab.evaluate('told') as Promise<[number, string][]>;
  await expect.poll(async () => (await told()).length).toBeGreaterThan(0);
  await expect.poll(() => tab.locator('tbody').textContent()).not.toContain('Running');
  // A second message, where the changes did not come as one, waits for its time.
  const messages = await told();
  expect(messages.at(-1)?.[1]).toMatch(/^[123] executions? changed, [123] failed$/);
  const [before, after] = messages;
  if (before && after) expect(after[0] - before[0]).toBeGreaterThanOrEqual(9_000);
});

test('a status goes on by itself and tells once that it has ended, in strict mode too', async () => {
  const { user, start } = await newcomer('dora');
  const { id } = await start();
  await service.reportProgress(id, { step: 1, steps: 4, message: 'packing' });
  const tab = await open(user, { show: 'status', id });
  await expect.poll(() => tab.textContent('main')).toContain('25 % · step 1 of 4 · packing');
  expect(await tab.textContent('output')).toBe('');
  await service.markCompleted(id);
  await expect.poll(() => tab.textContent('output')).toBe('completed');
  await expect.poll(() => tab.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('100');
  await tab.reload();
  await expect.poll(() => tab.textContent('output')).toBe('completed');
});

test('a customer sees neither the error, nor steps, nor ids; the team sees why', async () => {
  const { user, start } = await newcomer('emil');
  const { id } = await start();
  await service.markFailed(id, { message: 'CardError at charge.ts:42' });
  const customer = await open(user, { show: 'customer', id });
  await customer.getByText('Order failed').waitFor();
  const shown = await customer.textContent('main');
  for (const secret of ['CardError', 'charge.ts', id, 'Steps']) expect(shown).not.toContain(secret);
  const team = await open(user, { show: 'view', id });
  await team.getByText('CardError at charge.ts:42').waitFor();
});

test('an action is asked about in the page, the answer that changes nothing has the focus, and Escape is that answer', async () => {
  const { user, start } = await newcomer('fritz');
  const { id } = await start();
  const tab = await open(user, { show: 'view', id });
  await tab.getByRole('button', { name: 'Terminate…' }).click();
  await expect.poll(() => tab.locator(':focus').textContent()).toBe('Leave it as it is');
  expect(await tab.getByRole('button', { name: 'Terminate it' }).isDisabled()).toBe(true);
  expect(await accessibilityFaults(tab, { isWhole: false })).toEqual([]);
  await tab.keyboard.press('Escape');
  await tab.getByRole('button', { name: 'Cancel…' }).waitFor();
});

test('what is not there, or not yours, says so and nothing else', async () => {
  const { user } = await newcomer('gerda');
  const other = await (await newcomer('hugo')).start();
  const tab = await open(user, { show: 'view', id: other.id });
  await tab.getByText('There is no such execution, or it is not yours.').waitFor();
});

test('the team sees the steps of an execution along time, as the ledger has kept them', async () => {
  const { user, workflowId } = await newcomer('jutta');
  const { id } = await service.createExecution({
    ...{ workflowId, userId: user.id },
    ...{ temporalWorkflowId: 'order-of-jutta', temporalRunId: 'run-1' },
  });
  await service.markFailed(id, { message: 'card declined' });
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const step = {
    ...{
      kind: 'activity',
      name: 'charge',
      runId: 'run-1',
      status: 'failed',
      attempts: 3,
      failure: { type: null, message: 'no' },
    },
    ...{ scheduledAt: at(0), startedAt: at(3_000), endedAt: at(4_000) },
  };
  await fixture.supabase.database.query(
    `insert into runledger.execution_timelines (execution_id, created_by, temporal_namespace, state, steps, read_at)
       values ($1, $2, 'default', 'complete', $3, now())
       on conflict (execution_id) do update set state = 'complete', steps = excluded.steps, read_at = now()`,
    [id, user.id, JSON.stringify([step])],
  );
  const tab = await open(user, { show: 'view', id });
  const steps = tab.getByRole('table', { name: 'Steps' });
  await steps.getByRole('rowheader', { name: 'charge ×3' }).waitFor();
  expect(await steps.getByRole('cell', { name: '4 s', exact: true }).count()).toBe(1);
  const kinds = `[...document.querySelectorAll('.rl-track .rl-bar')].map((bar) => bar.dataset.kind)`;
  expect(await tab.evaluate(kinds)).toEqual(['earlier', 'last']);
  expect(await accessibilityFaults(tab, { isWhole: false })).toEqual([]);
});

test('a browser takes over what a server has rendered without drawing it anew, and goes on from there', async () => {
  const { user, start } = await newcomer('ludwig');
  const { id } = await start();
  const given = {
    ...{ api: fixture.api.url, token: user.token },
    page: await user.client.execution.listExecutions.query({ limit: 25 }),
    execution: await user.client.execution.getExecution.query({ id }),
  };
  const { Page } = await import(fixturePage('hydrated-page'));
  const html = renderToString(createElement(Page, given));
  expect(html).toContain('Running');
  await using built = await buildPage(fixturePage('hydrated-page'), { main: html });
  const tab = await browser.newPage();
  await tab.addInitScript(`globalThis.given = ${JSON.stringify(given)}`);
  await tab.goto(`${built.url}/`);
  await tab.getByText('just now').first().waitFor();
  expect(await tab.evaluate('faults')).toEqual([]);
  await service.markCompleted(id);
  await expect.poll(() => tab.locator('tbody').textContent()).toContain('Completed');
});

const LOOKS = [
  ['light', { theme: 'light' }, 900],
  ['dark', { theme: 'dark' }, 900],
  ['on a phone', { theme: 'light' }, 320],
] as const;

test.each(inCi<readonly (typeof LOOKS)[number][]>(LOOKS, LOOKS.slice(0, 1)))(
  'axe finds nothing wrong %s, and nothing scrolls sideways',
  async (_, theme, width) => {
    const { user, start } = await newcomer('ida');
    const { id } = await start();
    await service.markFailed((await start()).id, { message: 'a message that is longer than a phone is wide, by far' });
    await service.markCompleted((await start()).id);
    for (const show of ['table', 'status', 'customer', 'view']) {
      const tab = await open(user, { show, id, ...theme }, { width });
      await tab.locator('.rl-status, .rl-headline').first().waitFor();
      expect({ show, faults: await accessibilityFaults(tab, { isWhole: false }) }).toEqual({ show, faults: [] });
      expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
  },
);

test('a build for production, on a page that says nothing of light and dark, has its colours', async () => {
  await using built = await buildPage(fixturePage('embeds-page'), { minify: true });
  const { user, start } = await newcomer('lea');
  await service.markFailed((await start()).id, { message: 'CardError: card declined' });
  const tab = await open(user, {}, { page: built });
  await tab.locator('.rl-status[data-status=failed]').waitFor();
  await tab.evaluate('delete document.documentElement.dataset.theme');
  const colour = `getComputedStyle(document.querySelector('.rl-status[data-status=failed]')).color`;
  expect(await tab.evaluate(colour)).toBe('rgb(180, 54, 10)');
});

test('a shop of ten variables has its own look and words, and the variables alone change it', async () => {
  const { user, workflowId, start } = await newcomer('karl');
  const { id } = await start();
  await service.markFailed((await start()).id, { message: 'CardError: card declined' });
  await service.markCompleted((await start()).id);
  const tab = await open(user, { workflow: workflowId, id }, { page: shop });
  await tab.getByText('Your card was declined. You were not charged.').waitFor();
  await tab.getByRole('table', { name: 'Your orders' }).getByText('Delivered', { exact: true }).waitFor();
  await tab.getByRole('img', { name: 'Last 3 outcomes, 1 failed' }).waitFor();
  expect(await tab.textContent('main')).not.toContain('CardError');
  const style = (selector: string, name: string) =>
    tab.evaluate(`getComputedStyle(document.querySelector('${selector}')).getPropertyValue('${name}')`);
  expect(await style('.rl-panel', 'background-color')).toBe('rgb(255, 255, 255)');
  expect(await style('.rl-panel', 'border-radius')).toBe('14px');
  expect(await style('.rl-panel', 'font-family')).toContain('Georgia');
  expect(await style('.rl-status[data-status=failed]', 'color')).toBe('rgb(160, 47, 18)');
  expect(await accessibilityFaults(tab)).toEqual([]);
});

const SHOPS = [
  ['light', {}, 900],
  ['dark', { theme: 'dark' }, 900],
  ['from right to left', { dir: 'rtl' }, 900],
  ['on a phone', {}, 320],
  ['on a phone, dark, from right to left', { theme: 'dark', dir: 'rtl' }, 320],
] as const;

test('three components in a shop fit it: in light and dark, from right to left, on a phone', async () => {
  const { user, workflowId, start } = await newcomer('moritz');
  const { id } = await start();
  await service.markFailed((await start()).id, { message: 'CardError: card declined' });
  await service.markCompleted((await start()).id);
  for (const [look, asked, width] of inCi<readonly (typeof SHOPS)[number][]>(SHOPS, SHOPS.slice(-1))) {
    const tab = await open(user, { workflow: workflowId, id, ...asked }, { page: shop, width });
    await tab.getByText('Your card was declined. You were not charged.').waitFor();
    await tab.getByRole('img', { name: 'Last 3 outcomes, 1 failed' }).waitFor();
    await tab.getByText('Baking').nth(1).waitFor();
    expect({ look, faults: await accessibilityFaults(tab) }).toEqual({ look, faults: [] });
    // A sentence of the language of the words, in a page of another direction, ends with its full stop.
    expect({ look, isolated: await tab.locator('.rl-sentence bdi').count() }).toEqual({ look, isolated: 1 });
    expect({ look, needed: await tab.evaluate('document.documentElement.scrollWidth') }).toEqual({
      look,
      needed: width,
    });
    await tab.close();
  }
});
