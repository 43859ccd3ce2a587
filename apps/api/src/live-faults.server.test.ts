/** A stream behind a proxy, and whatever happens to proxies and servers: no change is missing, and no older revision comes after a newer one. */
import type { RunledgerClient } from '@runledger/client';
import { createRunledgerClient } from '@runledger/client';
import { freePort } from '@runledger/local-stack';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import type { Fault, FaultyProxy } from './fixtures/faulty-proxy.ts';
import { startFaultyProxy } from './fixtures/faulty-proxy.ts';

let fixture: ApiFixture;
let anna: TestUser;
let proxy: FaultyProxy;
let client: RunledgerClient;
let workflowId: string;

beforeAll(async () => {
  fixture = await startApiFixture();
  anna = await fixture.signUp('anna');
  ({ id: workflowId } = await anna.client.workflow.create.mutate(ORDER));
  proxy = await startFaultyProxy(fixture.api.url);
  client = createRunledgerClient({ url: `${proxy.url}/trpc`, getToken: () => anna.token });
});
const watches: { unsubscribe(): void }[] = [];
afterEach(() => {
  proxy.fault = null;
  for (const watch of watches.splice(0)) watch.unsubscribe();
});
afterAll(async () => {
  await proxy?.[Symbol.asyncDispose]();
  await fixture?.[Symbol.asyncDispose]();
});

/** What a list that is watched shows, as a page does: by id, the newest revision. */
function watchList() {
  const shown = new Map<string, number>();
  const older: string[] = [];
  const state = { snapshots: 0, failed: null as unknown };
  const show = ({ id, revision }: { id: string; revision: number }) => {
    if (revision < (shown.get(id) ?? 0)) older.push(id);
    else shown.set(id, revision);
  };
  const subscription = client.execution.watchExecutions.subscribe(
    { limit: 200 },
    {
      onData({ data }) {
        if (data.kind === 'snapshot') state.snapshots += 1;
        if (data.kind === 'snapshot') for (const row of data.items) show(row);
        else for (const change of data.changes) if ('execution' in change) show(change.execution);
      },
      onError(error) {
        state.failed = error;
      },
    },
  );
  watches.push(subscription);
  return { shown, older, state };
}

const start = async () => (await anna.client.execution.createExecution.mutate({ workflowId })).id;

const answers =
  (status: number, type: string, body: string): Fault =>
  (response) =>
    void response.writeHead(status, { 'content-type': type }).end(body);

test.each<[string, Fault]>([
  ['answers 503 with a page', answers(503, 'text/html', '<h1>upstream gone</h1>')],
  ['closes the connection', (response) => void response.destroy()],
])('a proxy that %s for a while', async (_, fault) => {
  const { shown, older, state } = watchList();
  const before = await start();
  await expect.poll(() => shown.has(before)).toBe(true);
  proxy.fault = fault;
  const asked = proxy.faults;
  proxy.breakOff();
  const meanwhile = [await start(), await start()];
  await anna.client.execution.cancelExecution.mutate({ id: before });
  // It comes back again and again, not once.
  await expect.poll(() => proxy.faults - asked).toBeGreaterThanOrEqual(2);
  proxy.fault = null;
  await expect.poll(() => meanwhile.every((id) => shown.has(id))).toBe(true);
  const after = await start();
  await expect.poll(() => shown.has(after)).toBe(true);
  // It went on after the last event that it had seen.
  expect({ older, ...state }).toEqual({ older: [], snapshots: 1, failed: null });
});

test('an event of which half has come', async () => {
  const { shown, older, state } = watchList();
  const before = await start();
  await expect.poll(() => shown.has(before)).toBe(true);
  let halves = 0;
  proxy.fault = (response) => {
    halves += 1;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('id: 1-1\ndata: {"json": {"kind": "chan', () => response.destroy());
  };
  proxy.breakOff();
  const meanwhile = await start();
  await expect.poll(() => halves).toBeGreaterThanOrEqual(1);
  proxy.fault = null;
  await expect.poll(() => shown.has(meanwhile)).toBe(true);
  expect({ older, ...state }).toEqual({ older: [], snapshots: 1, failed: null });
});

test('a server that is killed, and another one in its place', async () => {
  const port = await freePort();
  const first = await startApi(fixture.variables, {}, port);
  await using between = await startFaultyProxy(first.url);
  const through = createRunledgerClient({ url: `${between.url}/trpc`, getToken: () => anna.token });
  const seen = new Set<string>();
  let snapshots = 0;
  watches.push(
    through.execution.watchExecutions.subscribe(
      { limit: 1 },
      {
        onData({ data }) {
          if (data.kind === 'snapshot') snapshots += 1;
          else for (const change of data.changes) if ('execution' in change) seen.add(change.execution.id);
        },
      },
    ),
  );
  await expect.poll(() => snapshots).toBe(1);
  // Without a word to its readers, who cannot come back while there is none.
  between.fault = (response) => void response.destroy();
  between.breakOff();
  await first[Symbol.asyncDispose]();
  const missed = [await start(), await start()];
  await using _ = await startApi(fixture.variables, {}, port);
  between.fault = null;
  await expect.poll(() => missed.every((id) => seen.has(id))).toBe(true);
  expect(snapshots).toBe(1);
});
