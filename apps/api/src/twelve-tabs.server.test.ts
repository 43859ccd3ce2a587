/** The hooks in a real Chromium: as many tabs as people leave open. */
import { fileURLToPath } from 'node:url';
import { buildPage, openChromium } from '@runledger/browser';
import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { freePort } from '@runledger/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';

const PAGE = fileURLToPath(new URL('./react/fixtures/live-page.tsx', import.meta.resolve('@runledger/client')));

let fixture: ApiFixture;
let anna: TestUser;
let service: ReturnType<typeof createExecutionService>;
let workflowId: string;

beforeAll(async () => {
  fixture = await startApiFixture();
  anna = await fixture.signUp('anna');
  ({ id: workflowId } = await anna.client.workflow.create.mutate(ORDER));
  const { url, serviceRoleKey: key } = fixture.supabase;
  service = createExecutionService(connectSupabase({ url, key }));
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

/** Tabs of one browser, and what goes from them to the API. */
async function openTabs(apiUrl: string, count: number) {
  const page = await buildPage(PAGE);
  const browser = await openChromium();
  const context = await browser.newContext();
  const streams: string[] = [];
  context.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (request.method() === 'GET' && pathname.includes('execution.watch')) streams.push(pathname);
  });
  const address = `${page.url}/#${new URLSearchParams({ api: apiUrl, token: anna.token })}`;
  const open = async () => {
    const tab = await context.newPage();
    await tab.goto(address);
    return tab;
  };
  const tabs = await Promise.all(Array.from({ length: count }, open));
  return {
    tabs,
    streams,
    open,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await page[Symbol.asyncDispose]();
    },
  };
}

type Tab = Awaited<ReturnType<typeof openTabs>>['tabs'][number];

const shows = (tab: Tab, text: string) => expect.poll(() => tab.textContent('main')).toContain(text);
const revisions = (tab: Tab) =>
  tab.locator('li').evaluateAll((rows) => rows.map((row) => Number((row as unknown as Rows).dataset.revision)));
type Rows = { dataset: { revision: string } };

test('twelve tabs of a browser have one stream, each shows every change, and another goes on where the first is closed', async () => {
  const { id } = await service.createExecution({ workflowId, userId: anna.id });
  await using browser = await openTabs(fixture.api.url, 12);
  const { tabs, streams } = browser;
  await Promise.all(tabs.map((tab) => shows(tab, `${id} running`)));
  await Promise.all(tabs.map((tab) => shows(tab, 'live')));
  expect(streams).toHaveLength(1);

  await service.markCompleted(id);
  const second = await service.createExecution({ workflowId, userId: anna.id });
  await Promise.all(tabs.map((tab) => shows(tab, `${id} completed`)));
  await Promise.all(tabs.map((tab) => shows(tab, '1 new')));
  await Promise.all(tabs.map((tab) => tab.click('button')));
  await Promise.all(tabs.map((tab) => shows(tab, `${second.id} running`)));
  expect(streams).toHaveLength(1);

  // Whichever has the stream, once it is gone another asks for what came since.
  const [leader, ...others] = tabs as [Tab, ...Tab[]];
  await leader.close();
  await service.markFailed(second.id, { message: 'no' });
  await Promise.all(others.map((tab) => shows(tab, `${second.id} failed`)));
  const late = await browser.open();
  await shows(late, `${second.id} failed`);
  await shows(late, 'live');
  expect(streams.length).toBeLessThanOrEqual(2);
});

test('all tabs say that the API is away, and show what happened meanwhile once it is back; no older revision comes after', async () => {
  const { id } = await service.createExecution({ workflowId, userId: anna.id });
  const port = await freePort();
  const first = await startApi(fixture.variables, {}, port);
  await using browser = await openTabs(first.url, 3);
  const { tabs } = browser;
  await Promise.all(tabs.map((tab) => shows(tab, `${id} running`)));
  await Promise.all(tabs.map((tab) => shows(tab, 'live')));
  const before = await Promise.all(tabs.map(revisions));

  await first[Symbol.asyncDispose]();
  await Promise.all(tabs.map((tab) => shows(tab, 'reconnecting')));
  await service.markCompleted(id);
  await using _ = await startApi(fixture.variables, {}, port);
  await Promise.all(tabs.map((tab) => shows(tab, `${id} completed`)));
  await Promise.all(tabs.map((tab) => shows(tab, 'live')));
  const after = await Promise.all(tabs.map(revisions));
  for (const [tab, rows] of after.entries())
    for (const [row, revision] of rows.entries()) expect(revision).toBeGreaterThanOrEqual(before[tab]?.[row] as number);
});
