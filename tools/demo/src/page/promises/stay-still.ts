import { inCi } from '@runledger/local-stack';
import type { Page, Request } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { AN_HOUR, row, settled, start, visit } from './scene.ts';

const ORDERS = inCi(['-started', 'started', '-ended', 'ended', '-took', 'took'], ['-started', 'took']);
const LISTS = [...ORDERS.map((sort) => `/executions?sort=${sort}`), '/executions?status=running'];

/** Of each kind: enough that a screen shows a part of them only. By their ends and run times a list has those that ended. */
const OPEN = 30;
const ENDED = 22;
const WATCHED_MS = 10_000;
const CHANGE_EVERY_MS = 400;
/** However slow the machine is. */
const LEAST_CHANGES = 15;

/** Runs in the page: which row lies under the pointer, and how far the page is scrolled, again and again. */
const WATCH = `(() => {
  const statuses = () => [...document.querySelectorAll('tr[data-id] [data-column=status]')].map((cell) => cell.textContent);
  globalThis.before = statuses();
  globalThis.seen = [];
  globalThis.changed = () => statuses().filter((status, index) => status !== globalThis.before[index]).length;
  const look = () => {
    const under = [380, 500, 620].map((y) => document.elementFromPoint(700, y)?.closest('tr')?.dataset.id);
    const now = [...under, scrollY].join(' ');
    if (globalThis.seen.at(-1) !== now) globalThis.seen.push(now);
  };
  look();
  setInterval(look, 40);
})()`;

/** Live, and nothing moves: whatever ends, fails or comes meanwhile, in each order of the list. */
export function stayStill(scene: () => Scene): void {
  findsEachRow(scene);
  keepsDeleted(scene);
  test('for ten seconds of changes nothing moves under the pointer, in each order', async () => {
    const { client } = await scene().at.as('ada');
    const open: string[] = [];
    for (let made = 0; made < OPEN; made++)
      open.push(await start(scene(), 'transcodeVideo', { title: `clip ${made}`, seconds: AN_HOUR }));
    for (let made = 0; made < ENDED; made++)
      await start(scene(), 'creditCheck', { applicant: 'Grace', amount: made + 1 });

    const first = await visit(scene(), LISTS[0] as string);
    const others = await Promise.all(LISTS.slice(1).map(() => first.context().newPage()));
    const pages = [first, ...others];
    for (const [index, page] of others.entries()) await page.goto(scene().at.url + LISTS[index + 1]);
    for (const page of pages) await readyToWatch(page);

    const changes = [
      (id: string) => client.execution.cancelExecution.mutate({ id, reason: 'not needed any more' }),
      (id: string) => client.execution.terminateExecution.mutate({ id, reason: 'a duplicate' }),
      () => start(scene(), 'creditCheck', { applicant: 'Alan', amount: 250_000 }),
    ];
    const until = Date.now() + WATCHED_MS;
    for (let made = 0; made < LEAST_CHANGES || Date.now() < until; made++) {
      // From both ends of the list, so that every order has some of them on the screen.
      const id = made % 2 === 0 ? open.shift() : open.pop();
      if (id) await changes[made % changes.length]?.(id);
      await first.waitForTimeout(CHANGE_EVERY_MS);
    }

    for (const [index, page] of pages.entries()) {
      const seen = await page.evaluate<string[]>('globalThis.seen');
      // Whole, so that a failure tells what has moved.
      expect(seen, LISTS[index]).toEqual([seen[0]]);
      expect(seen[0], LISTS[index]).toMatch(/^([0-9a-f-]{36} ){3}\d+$/);
    }
    // All of them were told of changes.
    await expect.poll(() => first.evaluate('globalThis.changed()')).toBeGreaterThan(5);
    const running = pages.at(-1) as Page;
    await expect.poll(() => running.locator('tr[data-dimmed]').count()).toBeGreaterThan(5);
    await running.getByRole('button', { name: /^\d+ new$/ }).click();
    await expect.poll(() => running.locator('tr[data-dimmed]').count()).toBe(0);
    for (const id of open) await client.execution.cancelExecution.mutate({ id });
  });
}

function keepsDeleted(scene: () => Scene): void {
  test('a row that somebody deletes stays where it is, dimmed, and those below it where they are', async () => {
    const { at } = scene();
    const user = { email: 'deletes@example.com', password: 'a long enough password' };
    const ids = await at.record(await at.signUp(user), 5);
    for (const id of ids) await at.finish(id);
    const page = await visit(scene(), '/executions', { user });
    await page.getByText('5 shown, nothing new').waitFor();
    await settled(page);
    const shown = () => page.evaluate("[...document.querySelectorAll('tr[data-id]')].map(({ dataset }) => dataset.id)");
    const before = await shown();
    const { client } = await at.asUser(user);
    await client.execution.deleteExecution.mutate({ id: ids[1] as string });
    await row(page, ids[1] as string)
      .getByText('Deleted', { exact: true })
      .waitFor();
    expect(await shown()).toEqual(before);
  });
}

/** Runs in the page: somebody looks at it again. By default TanStack Query then reads all that it shows. */
const TO_WINDOW = "window.dispatchEvent(new Event('visibilitychange'))";

function findsEachRow(scene: () => Scene): void {
  test('whoever comes back to the page, or to the network, finds each row where it was', async () => {
    const { client } = await scene().at.as('ada');
    const id = await start(scene(), 'transcodeVideo', { title: 'left alone', seconds: AN_HOUR });
    const page = await visit(scene(), '/executions?status=running');
    await page.getByText(/shown, nothing new$/).waitFor();
    await settled(page);
    await row(page, id).waitFor();
    await client.execution.cancelExecution.mutate({ id });
    const left = row(page, id).and(page.locator('[data-dimmed]'));
    await left.waitFor();
    const other = await start(scene(), 'transcodeVideo', { title: 'came meanwhile', seconds: AN_HOUR });
    await page.getByRole('button', { name: '1 new' }).waitFor();
    const ids = () => page.evaluate("[...document.querySelectorAll('tr[data-id]')].map(({ dataset }) => dataset.id)");
    const before = await ids();
    const unanswered = new Set<Request>();
    page.on('request', (request) => /trpc\/(?!.*watch)/.test(request.url()) && unanswered.add(request));
    page.on('requestfinished', (request) => unanswered.delete(request));
    page.on('requestfailed', (request) => unanswered.delete(request));
    const comesBack = async (how: () => Promise<unknown>) => {
      // Is read anew by everybody's default, at the same moment as whatever else is.
      const count = page.waitForResponse(/countExecutions/);
      await how();
      await count;
      await expect.poll(() => unanswered.size).toBe(0);
      await settled(page);
    };
    await comesBack(() => page.evaluate(TO_WINDOW));
    await comesBack(async () => {
      await page.context().setOffline(true);
      await page.context().setOffline(false);
    });
    expect(await ids()).toEqual(before);
    await page.getByRole('button', { name: '1 new' }).waitFor();
    await client.execution.cancelExecution.mutate({ id: other });
  });
}

async function readyToWatch(page: Page): Promise<void> {
  await page.locator('tr[data-id]').nth(20).waitFor();
  await page.getByText('Live', { exact: true }).first().waitFor();
  // The bars above the list have come.
  await expect.poll(() => page.locator('figure').count()).toBe(1);
  // So has the count, and whatever else stands above it.
  await page.locator('main .exactness').first().waitFor();
  await settled(page);
  await page.evaluate('scrollTo(0, 120)');
  await expect.poll(() => page.evaluate('scrollY')).toBe(120);
  await page.evaluate(WATCH);
}
