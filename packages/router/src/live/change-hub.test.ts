import type { ExecutionChange } from '@runledger/contracts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createEventIds } from './change-cursor.ts';
import type { ChangeBatch, FollowRequest } from './change-hub.ts';
import { createChangeHub } from './change-hub.ts';

/** Waits for as long as a busy machine may take. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 120_000 });

const ANNA = 'anna';
const EVENT_IDS = createEventIds();
const eventId = EVENT_IDS.idOf;

/** A ledger whose changes a test writes; a cursor is how many there are. */
function fakeChanges() {
  const written: ExecutionChange[] = [];
  const calls: (string | null)[] = [];
  const state = { offset: 0, failing: false };
  return {
    calls,
    state,
    write(executionId: string, { userId = ANNA, revision = 1, deleted = false } = {}) {
      written.push({ executionId, userId, workflowId: 'w', revision, deleted });
    },
    async changesSince(cursor: string | null, limit: number) {
      calls.push(cursor);
      if (state.failing) throw new Error('connect ECONNREFUSED');
      const from = Math.min(written.length, cursor === null ? written.length : Number(cursor) - state.offset);
      const changes = written.slice(from, from + limit);
      return { changes, cursor: String(Math.max(0, from) + changes.length + state.offset) };
    },
  };
}

const stopping: AbortController[] = [];
afterEach(() => {
  for (const stop of stopping.splice(0)) stop.abort();
});

function world() {
  const ledger = fakeChanges();
  const warnings: string[] = [];
  const log = { warn: (_: object, message: string) => void warnings.push(message), error() {} };
  const hub = createChangeHub({ ledger, tickMs: 1, ids: EVENT_IDS, log });
  function subscribe(request: Partial<FollowRequest> = {}) {
    const stop = new AbortController();
    stopping.push(stop);
    const batches = hub.follow({ userId: ANNA, lastEventId: null, signal: stop.signal, ...request });
    const next = async () => (await batches.next()).value as ChangeBatch;
    return { next, stop, batches };
  }
  return { ledger, subscribe, warnings };
}

const ids = ({ changes }: ChangeBatch) => changes.map(({ executionId }) => executionId);

describe('a subscriber', () => {
  test('is told at once that it knows nothing, then of every change, with a cursor that covers it', async () => {
    const { ledger, subscribe } = world();
    ledger.write('before');
    const { next } = subscribe();
    expect(await next()).toEqual({ changes: [], cursor: '1', isReset: true });
    ledger.write('one');
    expect(await next()).toMatchObject({ changes: [{ executionId: 'one' }], cursor: '2', isReset: false });
    ledger.write('two', { revision: 1 });
    ledger.write('two', { revision: 2 });
    expect(await next()).toMatchObject({ changes: [{ executionId: 'two', revision: 2 }], cursor: '4' });
  });

  test('who was gone before they came is not waited for', async () => {
    const { ledger, subscribe } = world();
    expect(await subscribe({ signal: AbortSignal.abort() }).batches.next()).toEqual({ value: undefined, done: true });
    expect(ledger.calls).toEqual([]);
  });

  test('who leaves while nobody asks for what comes next is forgotten all the same', async () => {
    const { ledger, subscribe } = world();
    const { next, stop } = subscribe();
    await next();
    stop.abort();
    const calls = ledger.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ledger.calls.length).toBeLessThanOrEqual(calls + 1);
  });

  test.each([
    ['waits', async () => {}],
    ['was woken just before', async (ledger: ReturnType<typeof fakeChanges>) => ledger.write('one')],
  ])('who leaves while it %s has come to the end, and leaves nothing on the signal', async (_, before) => {
    const { ledger, subscribe } = world();
    const stop = new AbortController();
    const added = vi.spyOn(stop.signal, 'addEventListener');
    const removed = vi.spyOn(stop.signal, 'removeEventListener');
    const { batches } = subscribe({ signal: stop.signal });
    await batches.next();
    const waits = batches.next();
    await before(ledger);
    stop.abort();
    expect(await waits).toEqual({ value: undefined, done: true });
    expect(added.mock.calls.length).toBeGreaterThan(0);
    for (const [type, listener] of added.mock.calls) expect(removed).toHaveBeenCalledWith(type, listener);
  });

  test('hears nothing of others', async () => {
    const { ledger, subscribe } = world();
    const { next } = subscribe();
    await next();
    ledger.write('bens', { userId: 'ben' });
    ledger.write('annas');
    expect(ids(await next())).toEqual(['annas']);
  });

  test('who comes back is told what changed since the event that they saw last, and only they', async () => {
    const { ledger, subscribe } = world();
    const first = subscribe();
    await first.next();
    ledger.write('seen');
    const { cursor } = await first.next();
    first.stop.abort();
    ledger.write('missed');
    ledger.write('bens', { userId: 'ben' });
    const back = subscribe({ lastEventId: eventId(cursor) });
    expect(await back.next()).toMatchObject({ changes: [{ executionId: 'missed' }], isReset: false });
  });

  test.each([
    ['never was', 'nonsense'],
    ['is of another database', eventId('999')],
    ['was made up', eventId('0').replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))],
    ['is of an older release, unsealed', `0-${Date.now().toString(36)}`],
    ['is of a process with another key', createEventIds().idOf('0')],
    ['is older than changes are kept', eventId('0', Date.now() - 51 * 60_000)],
  ])('is told to read everything anew where the last event %s', async (_, lastEventId) => {
    const { ledger, subscribe } = world();
    ledger.write('one');
    expect(await subscribe({ lastEventId }).next()).toEqual({ changes: [], cursor: '1', isReset: true });
  });

  test('who missed more of their own than is told at once reads everything anew, and what others changed does not count', async () => {
    const { ledger, subscribe } = world();
    for (let n = 0; n < 2_000; n += 1) ledger.write(`of ben ${n}`, { userId: 'ben' });
    for (let n = 0; n < 500; n += 1) ledger.write(`e${n}`);
    expect((await subscribe({ lastEventId: eventId('0') }).next()).changes).toHaveLength(500);
    ledger.write('one more');
    expect(await subscribe({ lastEventId: eventId('0') }).next()).toMatchObject({ changes: [], isReset: true });
  });

  test('is told so too where more changed than can be told', async () => {
    const { ledger, subscribe } = world();
    for (let n = 0; n < 6_000; n += 1) ledger.write(`e${n}`);
    expect((await subscribe({ lastEventId: eventId('0') }).next()).isReset).toBe(true);
    const { next } = subscribe();
    await next();
    for (let n = 0; n < 6_000; n += 1) ledger.write(`f${n}`);
    await eventually(() => expect(ledger.calls.at(-1)).toBe('12000'));
    expect(await next()).toMatchObject({ changes: [], isReset: true });
    ledger.write('later');
    expect(ids(await next())).toEqual(['later']);
  });

  test('waits while the ledger is away, loses nothing, and the operator is told once', async () => {
    const { ledger, subscribe, warnings } = world();
    const { next } = subscribe();
    await next();
    ledger.state.failing = true;
    const calls = ledger.calls.length;
    await eventually(() => expect(ledger.calls.length).toBeGreaterThan(calls + 2));
    ledger.write('meanwhile');
    ledger.state.failing = false;
    expect(ids(await next())).toEqual(['meanwhile']);
    expect(warnings).toHaveLength(1);
  });

  test('learns that the database is another one', async () => {
    const { ledger, subscribe } = world();
    ledger.state.offset = 1_000;
    const { next } = subscribe();
    expect((await next()).cursor).toBe('1000');
    ledger.state.offset = 0;
    vi.spyOn(ledger, 'changesSince').mockImplementationOnce(async () => ({ changes: [], cursor: '5' }));
    expect(await next()).toEqual({ changes: [], cursor: '5', isReset: true });
  });
});

test('one call a tick serves all subscribers, and none is made once they are gone', async () => {
  const { ledger, subscribe } = world();
  const all = Array.from({ length: 200 }, (_, n) => subscribe({ userId: `user ${n % 50}` }));
  await Promise.all(all.map(({ next }) => next()));
  // One found the position for everybody.
  expect(ledger.calls.filter((cursor) => cursor === null)).toHaveLength(1);
  for (let n = 0; n < 50; n += 1) ledger.write(`of ${n}`, { userId: `user ${n}` });
  const told = await Promise.all(all.map(({ next }) => next()));
  expect(told.map(ids)).toEqual(all.map((_, n) => [`of ${n % 50}`]));
  for (const { stop, batches } of all) {
    stop.abort();
    await batches.return();
  }
  const calls = ledger.calls.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(ledger.calls.length).toBeLessThanOrEqual(calls + 1);
  const again = subscribe();
  expect(await again.next()).toMatchObject({ isReset: true, cursor: '50' });
});
