import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { freePort } from '@runledger/local-stack';
import { parseHTML } from 'linkedom';
import type { ComponentType } from 'react';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';

/** Waits for as long as a busy machine may take. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 120_000 });

let fixture: ApiFixture;
let anna: TestUser;
let workflowId: string;
let service: ReturnType<typeof createExecutionService>;

beforeAll(async () => {
  fixture = await startApiFixture();
  anna = await fixture.signUp('anna');
  ({ id: workflowId } = await anna.client.workflow.create.mutate(ORDER));
  const { url, serviceRoleKey: key } = fixture.supabase;
  service = createExecutionService(connectSupabase({ url, key }));
});
afterAll(() => fixture?.[Symbol.asyncDispose]());
afterEach(() => {
  for (const name of ['window', 'document', 'HTMLIFrameElement']) Reflect.deleteProperty(globalThis, name);
});

/** Renders components as a browser does, over the real API, and counts what goes to it. */
async function browser(
  url: string,
  held: (path: string) => Promise<void> | undefined = () => undefined,
  getToken = () => anna.token,
) {
  const window = parseHTML('<!doctype html><html><body></body></html>');
  // No more of it than React asks for: the network and its streams are Node's.
  Object.assign(globalThis, { window, document: window.document, HTMLIFrameElement: window.HTMLIFrameElement });
  const [react, { createRoot }, hooks] = await Promise.all([
    import('react'),
    import('react-dom/client'),
    import('@runledger/client/react'),
  ]);
  const requests: string[] = [];
  const counting: typeof globalThis.fetch = async (input, init) => {
    const path = new URL(String(input)).pathname.replace('/trpc/', '');
    requests.push(path);
    const answer = await fetch(input, init);
    await held(path);
    return answer;
  };
  const runledger = hooks.createRunledgerReact({ url: `${url}/trpc`, getToken, fetch: counting });
  const element = window.document.createElement('main');
  const root = createRoot(element as never);
  return {
    ...hooks,
    react,
    requests,
    text: () => element.textContent ?? '',
    show(...components: ComponentType[]) {
      const children = components.map((component) => react.createElement(component, { key: component.name }));
      root.render(
        react.createElement(
          react.StrictMode,
          null,
          react.createElement(hooks.RunledgerProvider, { runledger, children }),
        ),
      );
    },
    async [Symbol.asyncDispose]() {
      root.unmount();
      // The stream waits a moment for whoever listens next.
      await new Promise((resolve) => setTimeout(resolve, 1_200));
    },
  };
}

const shown = (text: () => string, wanted: RegExp | string) => eventually(() => expect(text()).toMatch(wanted));

test('a list changes in place, what comes waits, statistics and the execution follow, all by one stream', async () => {
  const first = await service.createExecution({ workflowId, userId: anna.id });
  await using page = await browser(fixture.api.url);
  const { useExecution, useExecutions, useExecutionStats } = page;
  const List = () => {
    const { executions, deleted, newCount, showNew, live } = useExecutions({ workflowId });
    const rows = executions
      .map(({ id, status }) => `${id.slice(-4)} ${deleted.has(id) ? 'deleted' : status}`)
      .join(', ');
    (globalThis as { showNew?: () => void }).showNew = showNew;
    return `list ${live.state}: ${rows}; ${newCount} new. `;
  };
  const One = () =>
    `one: ${useExecution(first.id).data?.status} ${JSON.stringify(useExecution(first.id).data?.output)}. `;
  const Nothing = () => `nothing: ${useExecution(null).fetchStatus}. `;
  const Stats = () => `total ${useExecutionStats().data?.total}.`;
  page.show(List, One, Nothing, Stats);
  const short = first.id.slice(-4);
  await shown(page.text, `list live: ${short} running; 0 new. one: running null. nothing: idle. total 1.`);
  await service.markCompleted(first.id, { total: 7 });
  await shown(page.text, `list live: ${short} completed; 0 new. one: completed {"total":7}. nothing: idle. total 1.`);
  const second = await service.createExecution({ workflowId, userId: anna.id });
  await shown(page.text, `list live: ${short} completed; 1 new. `);
  await shown(page.text, 'total 2.');
  (globalThis as { showNew?: () => void }).showNew?.();
  await shown(page.text, `list live: ${second.id.slice(-4)} running, ${short} completed; 0 new. `);
  await service.deleteExecution(second.id);
  await shown(page.text, `list live: ${second.id.slice(-4)} deleted, ${short} completed; 0 new. `);
  (globalThis as { showNew?: () => void }).showNew?.();
  await shown(page.text, `list live: ${short} completed; 0 new. `);
  expect(page.requests.filter((path) => path.startsWith('execution.watch'))).toEqual(['execution.watchExecutions']);
});

test('what comes while a list is read for the first time waits as any other', async () => {
  const first = await service.createExecution({ workflowId, userId: anna.id });
  const answer = Promise.withResolvers<void>();
  const isList = (path: string) => path.includes('listExecutions');
  let lists = 0;
  await using page = await browser(fixture.api.url, (path) =>
    isList(path) && lists++ === 0 ? answer.promise : undefined,
  );
  const { useExecution, useExecutions } = page;
  const List = () => {
    const { executions, newCount, live } = useExecutions({ workflowId });
    return `list ${live.state}: ${executions.map(({ id }) => id).join(', ')}; ${newCount} new. `;
  };
  const One = () => `one: ${useExecution(first.id).data?.status}.`;
  page.show(One);
  await shown(page.text, 'one: running.');
  page.show(One, List);
  await shown(page.text, 'one: running.list live: ; 0 new. ');
  await eventually(() => expect(lists).toBeGreaterThan(0));
  const second = await service.createExecution({ workflowId, userId: anna.id });
  await service.markCompleted(first.id);
  // Whoever is told of the first has been told of the second, which came before.
  await shown(page.text, 'one: completed.list live: ; 0 new. ');
  answer.resolve();
  await eventually(() => expect(page.text()).toContain('1 new'));
  expect(page.text()).toContain(first.id);
  expect(page.text()).not.toContain(second.id);
});

test('progress follows what is reported, by the stream of the page', async () => {
  const { id } = await service.createExecution({ workflowId, userId: anna.id });
  await service.reportProgress(id, { step: 1, steps: 4, message: 'packing' });
  await using page = await browser(fixture.api.url);
  const { useProgress } = page;
  const Bar = () => {
    const { data, live } = useProgress(id);
    return `${live.state}: ${data?.percent} ${data?.message}. nothing: ${useProgress(null).fetchStatus}`;
  };
  page.show(Bar);
  await shown(page.text, 'live: 25 packing. nothing: idle');
  await service.reportProgress(id, { step: 3, message: 'sending' });
  await shown(page.text, 'live: 75 sending.');
  expect(page.requests.filter((path) => path.startsWith('execution.watch'))).toEqual(['execution.watchExecutions']);
});

test('whoever signs in after somebody else on the same page sees nothing of theirs, and hears of their own alone', async () => {
  const ben = await fixture.signUp('ben');
  const { id: bensWorkflow } = await ben.client.workflow.create.mutate(ORDER);
  const start = async (whose: TestUser, of: string) =>
    (await service.createExecution({ workflowId: of, userId: whose.id })).id.slice(-4);
  const [annas, bens] = [await start(anna, workflowId), await start(ben, bensWorkflow)];
  let token = anna.token;
  await using page = await browser(fixture.api.url, undefined, () => token);
  const { useExecutions, useExecutionStats } = page;
  const List = () => {
    const { executions, newCount, live, refetch } = useExecutions({ limit: 3 });
    (globalThis as { askAgain?: () => void }).askAgain = () => void refetch();
    return `${live.state}: ${executions.map(({ id }) => id.slice(-4)).join(', ')}; ${newCount} new. `;
  };
  const Stats = () => `total ${useExecutionStats().data?.total}.`;
  page.show(List, Stats);
  await shown(page.text, new RegExp(`^live: ${annas}.*total \\d`));
  token = ben.token;
  (globalThis as { askAgain?: () => void }).askAgain?.();
  await shown(page.text, `live: ${bens}; 0 new. total 1.`);
  await start(anna, workflowId);
  await start(ben, bensWorkflow);
  await shown(page.text, `live: ${bens}; 1 new. total 2.`);
  expect(page.requests.filter((path) => path.startsWith('execution.watch'))).toHaveLength(2);
});

test('a page says that it is no longer current, and catches up when the server is back', async () => {
  const port = await freePort();
  const first = await startApi(fixture.variables, {}, port);
  await using page = await browser(first.url);
  const { useLiveConnection, useExecutions } = page;
  const List = () => {
    const { executions } = useExecutions({ limit: 1 });
    return `${useLiveConnection().state}: ${executions[0]?.status}`;
  };
  const { id } = await service.createExecution({ workflowId, userId: anna.id });
  page.show(List);
  await shown(page.text, 'live: running');
  await first[Symbol.asyncDispose]();
  await shown(page.text, 'reconnecting: running');
  await service.markFailed(id, { message: 'no' });
  await using _ = await startApi(fixture.variables, {}, port);
  await shown(page.text, 'live: failed');
});
