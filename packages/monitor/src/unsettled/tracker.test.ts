import type { ExecutionChange, TrackLedger, UnsettledExecution } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { unsettled } from '../fixtures/rows.ts';
import { until } from '../fixtures/until.ts';
import { createTracker } from './tracker.ts';

const row = (executionId: string, revision = 1) => unsettled({ executionId, revision });

/** A ledger whose rows and changes the test sets; the cursor is the number of changes read. */
function fakeLedger(rows: Map<string, UnsettledExecution>, mostRows: number) {
  const changes: ExecutionChange[] = [];
  let away = 0;
  const change = (executionId: string) =>
    changes.push({ executionId, userId: 'anna', workflowId: 'w', revision: 1, deleted: false });
  const ledger: TrackLedger = {
    async changesSince(cursor) {
      if (away-- > 0) throw new ExecutionError('ledger_unavailable', 'away');
      return { changes: cursor === null ? [] : changes.slice(Number(cursor)), cursor: String(changes.length) };
    },
    async unsettled(_, limit, after) {
      const all = [...rows.values()];
      const from = after ? all.findIndex(({ executionId }) => executionId === after.executionId) + 1 : 0;
      return all.slice(from, from + Math.min(limit, mostRows));
    },
    unsettledByIds: async (_, ids) => ids.flatMap((id) => rows.get(id) ?? []),
  };
  return {
    ledger,
    change,
    goAway(times: number) {
      away = times;
    },
  };
}

async function track(rows: Map<string, UnsettledExecution>, { limit = 100, mostRows = 1_000 } = {}) {
  const fake = fakeLedger(rows, mostRows);
  const stop = new AbortController();
  let isTracking = false;
  const log = {
    write(line: string) {
      if (line.includes('"tracking"')) isTracking = true;
    },
  };
  const tracker = createTracker({
    appeared: () => undefined,
    ledger: fake.ledger,
    namespace: 'default',
    logger: pino({ level: 'info' }, log),
    tickMs: 5,
    limit,
    changed: () => undefined,
  });
  const running = tracker.run(stop.signal);
  await until(() => isTracking, true);
  return {
    ...fake,
    tracker,
    ids: () => [...tracker.tracked.keys()].toSorted(),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

describe('the tracker', () => {
  test('knows what was unsettled at the start, what came and what was settled since', async () => {
    const rows = new Map([['a', row('a')]]);
    await using tracked = await track(rows);
    expect(tracked.ids()).toEqual(['a']);
    rows.set('b', row('b'));
    tracked.change('b');
    await until(tracked.ids, ['a', 'b']);
    rows.delete('a');
    tracked.change('a');
    await until(tracked.ids, ['b']);
  });

  test('reads on after a page that an API cut short, until there is nothing more', async () => {
    const rows = new Map(['a', 'b', 'c', 'd', 'e'].map((id) => [id, row(id)]));
    await using tracked = await track(rows, { mostRows: 2 });
    expect(tracked.ids()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('goes on where it was after the ledger was away', async () => {
    const rows = new Map([['a', row('a')]]);
    await using tracked = await track(rows);
    tracked.goAway(3);
    rows.set('b', row('b'));
    tracked.change('b');
    await until(tracked.ids, ['a', 'b']);
  });

  test('a short page is not taken for the last one', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await using tracked = await track(new Map(ids.map((id) => [id, row(id)])));
    expect(tracked.ids()).toEqual(ids);
  });

  test('beyond its limit it does not take what it does not hold for settled, unless it saw it end', async () => {
    const rows = new Map([...'abcd'].map((id) => [id, row(id)]));
    await using tracked = await track(rows, { limit: 2 });
    const mayBe = (ids: string) => [...ids].filter((id) => tracked.tracker.mayBeUnsettled(id)).join('');
    expect([tracked.ids().join(''), mayBe('abcd')]).toEqual(['ab', 'abcd']);
    rows.delete('d');
    tracked.change('d');
    await until(() => mayBe('abcd'), 'abc');
    await using whole = await track(rows, { limit: 3 });
    expect(whole.tracker.mayBeUnsettled('e')).toBe(false);
  });

  test('holds no more than its limit, but news of what it holds', async () => {
    const rows = new Map([
      ['a', row('a')],
      ['b', row('b')],
    ]);
    await using tracked = await track(rows, { limit: 2 });
    rows.set('c', row('c'));
    rows.set('b', row('b', 2));
    tracked.change('c');
    tracked.change('b');
    await until(() => tracked.tracker.tracked.get('b')?.row.revision, 2);
    expect(tracked.ids()).toEqual(['a', 'b']);
  });

  test('is not misled by a row that was read before a newer one', async () => {
    await using tracked = await track(new Map([['a', row('a', 5)]]));
    tracked.tracker.see([row('a', 4), row('b')], performance.now());
    expect(tracked.tracker.tracked.get('a')?.row.revision).toBe(5);
    expect(tracked.ids()).toEqual(['a', 'b']);
    tracked.tracker.forget('a', 6);
    expect(tracked.ids()).toEqual(['b']);
  });
});
