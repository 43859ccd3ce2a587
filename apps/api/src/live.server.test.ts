import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as pause } from 'node:timers/promises';
import type { RouterOutputs, RunledgerClient } from '@runledger/client';
import { executionErrorCode } from '@runledger/client';
import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { freePort } from '@runledger/local-stack';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';

/** Waits for as long as a busy machine may take. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 120_000 });

let fixture: ApiFixture;
let anna: TestUser;
let ben: TestUser;
let workflowId: string;
let service: ReturnType<typeof createExecutionService>;

beforeAll(async () => {
  fixture = await startApiFixture();
  anna = await fixture.signUp('anna');
  ben = await fixture.signUp('ben');
  ({ id: workflowId } = await anna.client.workflow.create.mutate(ORDER));
  const { url, serviceRoleKey: key } = fixture.supabase;
  service = createExecutionService(connectSupabase({ url, key }));
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const watches: { unsubscribe(): void }[] = [];
afterEach(() => {
  for (const watch of watches.splice(0)) watch.unsubscribe();
});

interface Watch<Event> {
  events: Event[];
  states: string[];
  ended: { by: 'server' | unknown } | null;
}

type Watcher<Event> = {
  subscribe(
    input: object,
    observer: {
      onData(event: { id: string; data: Event }): void;
      onConnectionStateChange(state: { state: string }): void;
      onError(error: unknown): void;
      onComplete(): void;
    },
  ): { unsubscribe(): void };
};

function watch<Event>(procedure: unknown, input: object = {}): Watch<Event> {
  const seen: Watch<Event> = { events: [], states: [], ended: null };
  const subscription = (procedure as Watcher<Event>).subscribe(input, {
    onData: ({ data }) => void seen.events.push(data),
    onConnectionStateChange: ({ state }) => void seen.states.push(state),
    onError: (error) => {
      seen.ended = { by: error };
    },
    onComplete: () => {
      seen.ended = { by: 'server' };
    },
  });
  watches.push(subscription);
  return seen;
}

type ListEvent = {
  kind: string;
  items?: { id: string }[];
  changes?: { execution?: { id: string; status: string; revision: number }; fits?: boolean; deletedId?: string }[];
};
const start = (client: RunledgerClient = anna.client) => client.execution.createExecution.mutate({ workflowId });
const changesOf = ({ events }: Watch<ListEvent>) => events.flatMap(({ changes }) => changes ?? []);

describe('an execution that is watched', () => {
  test('is told as it stands, again with every change, whole, and no more once it is settled', async () => {
    const { id } = await service.createExecution({ workflowId, userId: anna.id, input: { n: 1 } });
    const seen = watch<{ kind: string; execution: RouterOutputs['execution']['getExecution'] }>(
      anna.client.execution.watchExecution,
      { id },
    );
    await eventually(() => expect(seen.events).toHaveLength(1));
    expect(seen.events[0]).toMatchObject({ kind: 'execution', execution: { id, status: 'running', input: { n: 1 } } });
    await service.markCompleted(id, { total: 7 });
    await eventually(() => expect(seen.ended).toEqual({ by: 'server' }));
    expect(seen.events.at(-1)).toMatchObject({ execution: { status: 'completed', output: { total: 7 } } });
    const revisions = seen.events.map(({ execution }) => execution.revision);
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
  });

  test('says that it was deleted', async () => {
    const { id } = await service.createExecution({ workflowId, userId: anna.id });
    const seen = watch<object>(anna.client.execution.watchExecution, { id });
    await eventually(() => expect(seen.events).toHaveLength(1));
    await service.deleteExecution(id);
    await eventually(() => expect(seen.ended).toEqual({ by: 'server' }));
    expect(seen.events.at(-1)).toEqual({ kind: 'deleted', id, deletedBy: null });
  });

  test('is not found by anybody else, at once and for good', async () => {
    const { id } = await start();
    const seen = watch<object>(ben.client.execution.watchExecution, { id });
    await eventually(() => expect(seen.ended).not.toBeNull());
    expect([executionErrorCode(seen.ended?.by), seen.events]).toEqual(['not_found', []]);
  });
});

describe('a list that is watched', () => {
  test('begins with its first page, and then tells what changes and whether it fits', async () => {
    const seen = watch<ListEvent>(anna.client.execution.watchExecutions, { status: 'completed', limit: 5 });
    await eventually(() => expect(seen.events[0]).toMatchObject({ kind: 'snapshot' }));
    const { id } = await service.createExecution({ workflowId, userId: anna.id });
    const toldOf = () => changesOf(seen).filter((change) => (change.execution?.id ?? change.deletedId) === id);
    await eventually(() => expect(toldOf()).toMatchObject([{ execution: { status: 'running' }, fits: false }]));
    await service.markCompleted(id);
    await eventually(() => expect(toldOf().at(-1)).toMatchObject({ execution: { status: 'completed' }, fits: true }));
    await service.deleteExecution(id);
    await eventually(() => expect(toldOf().at(-1)).toEqual({ deletedId: id, deletedBy: null }));
  });

  test('tells that its owner has deleted one', async () => {
    const { id } = await service.createExecution({ workflowId, userId: anna.id });
    await service.markCompleted(id);
    const seen = watch<ListEvent>(anna.client.execution.watchExecutions, { limit: 5 });
    await eventually(() => expect(seen.events[0]).toMatchObject({ kind: 'snapshot' }));
    await anna.client.execution.deleteExecution.mutate({ id });
    await eventually(() => expect(changesOf(seen).at(-1)).toEqual({ deletedId: id, deletedBy: 'owner' }));
  });

  test('tells what fits a filter that a row does not tell, too', async () => {
    const { id } = await service.createExecution({ workflowId, userId: anna.id });
    await service.markFailed(id, { type: 'CardDeclined', message: 'no' });
    const [group] = await anna.client.execution.getTopFailures.query();
    const failureGroup = group?.failureGroup as string;
    const seen = watch<ListEvent>(anna.client.execution.watchExecutions, { failureGroup });
    await eventually(() => expect(seen.events[0]?.items?.map((item) => item.id)).toEqual([id]));
    const other = await service.createExecution({ workflowId, userId: anna.id });
    const same = await service.createExecution({ workflowId, userId: anna.id });
    await service.markFailed(other.id, { type: 'OutOfStock', message: 'none' });
    await service.markFailed(same.id, { type: 'CardDeclined', message: 'no' });
    const fitOf = (of: string) => changesOf(seen).findLast(({ execution }) => execution?.id === of)?.fits;
    await eventually(() => expect([fitOf(other.id), fitOf(same.id)]).toEqual([false, true]));
  });

  test('is read once for all that its user has open, whatever they show', async () => {
    const filters = [{}, { status: 'completed' }, { status: 'failed' }, { limit: 1 }];
    const open = filters.map((filter) => watch<ListEvent>(anna.client.execution.watchExecutions, filter));
    const toldOf = (id: string) => open.map((one) => changesOf(one).some(({ execution }) => execution?.id === id));
    const all = [true, true, true, true];
    await eventually(() => expect(open.map(({ events }) => events.length > 0)).toEqual(all));
    // What others have changed before has been told once this has.
    const { id: before } = await service.createExecution({ workflowId, userId: anna.id });
    await eventually(() => expect(toldOf(before)).toEqual(all));
    // Nothing is known of it yet.
    const unknown = await anna.client.workflow.create.mutate({ ...ORDER, name: 'Read once' });
    const asked: string[] = [];
    const note = (message: unknown) => {
      asked.push(new URL((message as { request: { path: string } }).request.path, 'http://any').pathname);
    };
    subscribe('undici:request:create', note);
    const { id } = await service.createExecution({ workflowId: unknown.id, userId: anna.id });
    await eventually(() => expect(toldOf(id)).toEqual(all));
    unsubscribe('undici:request:create', note);
    const isOf = (name: string) => (path: string) => path === `/rest/v1/rpc/${name}`;
    expect(['search_executions', 'describe_rows'].map((name) => asked.filter(isOf(name)).length)).toEqual([1, 1]);
  });

  test('tells nobody of the executions of others', async () => {
    const seen = watch<ListEvent>(ben.client.execution.watchExecutions);
    await eventually(() => expect(seen.events).toHaveLength(1));
    await start();
    const { id: bens } = await ben.client.workflow.create.mutate(ORDER);
    const own = await ben.client.execution.createExecution.mutate({ workflowId: bens });
    await eventually(() => expect(changesOf(seen).map(({ execution }) => execution?.id)).toContain(own.id));
    expect(new Set(changesOf(seen).map(({ execution }) => execution?.id))).toEqual(new Set([own.id]));
  });

  test('statistics follow what changes', async () => {
    const { total } = await anna.client.execution.getStats.query();
    const seen = watch<{ total: number }>(anna.client.execution.watchStats);
    await eventually(() => expect(seen.events.at(-1)?.total).toBe(total));
    await start();
    await eventually(() => expect(seen.events.at(-1)?.total).toBe(total + 1));
  });

  test('statistics follow what ends, under a filter, in a window that moves on', async () => {
    const asked = { by: 'end', from: '-1h', filter: 'status=completed&tag=watched&colour=red' };
    const seen = watch<{ total: number; ignored: string[] }>(anna.client.execution.watchStats, asked);
    await eventually(() => expect(seen.events.at(-1)).toMatchObject({ total: 0, ignored: ['colour'] }));
    const { id } = await service.createExecution({ workflowId, userId: anna.id, tags: ['watched'] });
    await service.markCompleted(id, null, 5);
    await eventually(() => expect(seen.events.at(-1)?.total).toBe(1));
  });
});

describe('the ledger is not asked for readers who are gone', () => {
  let asked = 0;
  const count = (message: unknown) => {
    if ((message as { request: { path: string } }).request.path.endsWith('/rpc/changes_since')) asked += 1;
  };
  beforeAll(() => subscribe('undici:request:create', count));
  afterAll(() => unsubscribe('undici:request:create', count));

  async function untilQuiet(): Promise<void> {
    let before = -1;
    const isQuiet = () => {
      const was = before;
      before = asked;
      return was === asked;
    };
    await vi.waitUntil(isQuiet, { interval: 2_000, timeout: 60_000 });
  }

  test('because they left, however early', async () => {
    const seen = watch<ListEvent>(anna.client.execution.watchExecutions);
    await eventually(() => expect(seen.events).toHaveLength(1));
    for (let n = 0; n < 40; n += 1) {
      const early = anna.client.execution.watchExecutions.subscribe({}, {});
      await pause(n % 8);
      early.unsubscribe();
    }
    for (const one of watches.splice(0)) one.unsubscribe();
    await untilQuiet();
  });

  test('because their server stopped, although nothing changes that would wake them', async () => {
    const api = await startApi(fixture.variables);
    const seen = watch<ListEvent>(api.clientWith(anna.token).execution.watchExecutions);
    await eventually(() => expect(seen.events).toHaveLength(1));
    await api[Symbol.asyncDispose]();
    await untilQuiet();
  });
});

describe('a stream that breaks off', () => {
  const everyId = (seen: Watch<ListEvent>) =>
    new Set([
      ...seen.events.flatMap(({ items }) => items ?? []).map(({ id }) => id),
      ...changesOf(seen).map(({ execution }) => execution?.id),
    ]);

  test('loses nothing: a server that stops tells its readers to come back, and the next one tells what they missed', async () => {
    const port = await freePort();
    const first = await startApi(fixture.variables, {}, port);
    const seen = watch<ListEvent>(first.clientWith(anna.token).execution.watchExecutions, { limit: 1 });
    await eventually(() => expect(seen.events).toHaveLength(1));
    const stopped = first[Symbol.asyncDispose]();
    const missed = await service.createExecution({ workflowId, userId: anna.id });
    await stopped;
    await service.markCompleted(missed.id);
    await using _ = await startApi(fixture.variables, {}, port);
    await eventually(() =>
      expect(changesOf(seen).at(-1)).toMatchObject({ execution: { id: missed.id, status: 'completed' } }),
    );
    // It went on after the last event, and did not begin anew.
    expect(seen.events.filter(({ kind }) => kind === 'snapshot')).toHaveLength(1);
    const next = await start();
    await eventually(() => expect(everyId(seen)).toContain(next.id));
  });

  test('an expired token ends it, and the next one goes on where it was', async () => {
    const soon = await fixture.tokenFor(anna.id, { seconds: 2 });
    const later = await fixture.tokenFor(anna.id, { seconds: 600 });
    let asked = 0;
    const client = fixture.api.clientOf(() => (asked++ === 0 ? soon : later));
    const seen = watch<ListEvent>(client.execution.watchExecutions, { limit: 1 });
    await eventually(() => expect(seen.events).toHaveLength(1));
    await eventually(() => expect(asked).toBe(2));
    const { id } = await start();
    await eventually(() => expect(changesOf(seen).map(({ execution }) => execution?.id)).toContain(id));
    expect(seen.ended).toBeNull();
  });

  test('whoever is signed out is not asked for ever', async () => {
    let asked = 0;
    const client = fixture.api.clientOf(() => {
      asked += 1;
      return 'not.a.token';
    });
    const seen = watch<ListEvent>(client.execution.watchExecutions);
    await eventually(() => expect(seen.ended).not.toBeNull());
    const before = asked;
    await pause(1_000);
    expect([before <= 3, asked]).toEqual([true, before]);
  });
});
