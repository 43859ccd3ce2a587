import type { RecordAnswer, RecordLedger, RecordOpen, RecordOutcome } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { pino } from 'pino';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { completedOutcome, openRun } from '../fixtures/rows.ts';
import { createRecorder } from './recorder.ts';

const logger = pino({ level: 'silent' });
const item = (executionId: string, output: string | null = null): RecordOutcome => ({
  executionId,
  source: 'watch',
  outcome: completedOutcome({ output }),
});
const open = (executionId: string): RecordOpen => ({ executionId, source: 'watch', open: openRun() });
const applied = (executionId: string): RecordAnswer => ({
  executionId,
  result: 'applied',
  status: 'completed',
  authority: 'engine',
  revision: 2,
  cancelRequestedAt: null,
  cancelRequestedBy: null,
  cancelReason: null,
});
const away = () => new ExecutionError('ledger_unavailable', 'away');

type Write = (ids: string[]) => Promise<void>;

/** A ledger that keeps what it was given, unless `before` throws. */
function fakeLedger(before: Write = async () => {}) {
  const calls: string[][] = [];
  let inFlight = 0;
  let most = 0;
  async function take(items: { executionId: string }[]): Promise<RecordAnswer[]> {
    const ids = items.map(({ executionId }) => executionId);
    inFlight += 1;
    most = Math.max(most, inFlight);
    try {
      calls.push(ids);
      await before(ids);
      return ids.map(applied);
    } finally {
      inFlight -= 1;
    }
  }
  const ledger: RecordLedger = {
    recordOpen: take,
    recordOutcomes: take,
    correctFirstRun: async (executionId) => ({ result: 'unchanged', executionId }),
    stopKind: async () => 'cancel',
  };
  return { ledger, calls, most: () => most };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('the recorder', () => {
  test('has one call in flight, and the next takes what gathered meanwhile', async () => {
    let release = () => {};
    const first = new Promise<void>((resolve) => {
      release = resolve;
    });
    const fake = fakeLedger(async (ids) => {
      if (ids.includes('a')) await first;
    });
    const recorder = createRecorder({ ledger: fake.ledger, logger });
    const a = recorder.recordOutcome(item('a'));
    while (fake.calls.length === 0) await new Promise(setImmediate);
    const rest = ['b', 'c', 'd'].map((id) => recorder.recordOutcome(item(id)));
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    expect(fake.calls).toEqual([['a']]);
    release();
    expect((await Promise.all([a, ...rest])).map((answer) => answer.executionId)).toEqual(['a', 'b', 'c', 'd']);
    expect(fake.calls).toEqual([['a'], ['b', 'c', 'd']]);
    expect(fake.most()).toBe(1);
  });

  test('writes what is open before what ended, so that an end is never undone', async () => {
    const fake = fakeLedger();
    const recorder = createRecorder({ ledger: fake.ledger, logger });
    await Promise.all([recorder.recordOutcome(item('ended')), recorder.recordOpen(open('open'))]);
    expect(fake.calls).toEqual([['open'], ['ended']]);
  });

  test('keeps batches within their bounds', async () => {
    const fake = fakeLedger();
    const recorder = createRecorder({ ledger: fake.ledger, logger, batchItems: 3, batchBytes: 2_000 });
    await Promise.all(['a', 'b', 'c', 'd'].map((id) => recorder.recordOutcome(item(id))));
    expect(fake.calls).toEqual([['a', 'b', 'c'], ['d']]);
    await Promise.all(['e', 'f'].map((id) => recorder.recordOutcome(item(id, 'x'.repeat(1_500)))));
    expect(fake.calls.slice(2)).toEqual([['e'], ['f']]);
  });

  test('loses nothing while the ledger is away', async () => {
    let failures = 2;
    const fake = fakeLedger(async () => {
      if (failures-- > 0) throw away();
    });
    const recorder = createRecorder({ ledger: fake.ledger, logger });
    const answers = await Promise.all(['a', 'b'].map((id) => recorder.recordOutcome(item(id))));
    expect(answers.map((answer) => answer.result)).toEqual(['applied', 'applied']);
    expect(fake.calls).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  test('waits no longer for a ledger that was away before than for one that was not', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let failures = 5;
    const fake = fakeLedger(async (ids) => {
      if (ids.includes('b') ? fake.calls.length === 7 : failures-- > 0) throw away();
    });
    const recorder = createRecorder({ ledger: fake.ledger, logger, batchItems: 1 });
    const both = Promise.all(['a', 'b'].map((id) => recorder.recordOutcome(item(id))));
    const called = async (times: number) => {
      while (fake.calls.length < times) await new Promise(setImmediate);
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    };
    for (let tries = 1; tries <= 5; tries += 1) {
      await called(tries);
      vi.advanceTimersByTime(5_000);
    }
    await called(7);
    expect(fake.calls.flat()).toEqual(['a', 'a', 'a', 'a', 'a', 'a', 'b']);
    // The first wait is 200 ms at most; the fifth in a row would be 1.6 s at least.
    vi.advanceTimersByTime(200);
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    expect(fake.calls.slice(6)).toEqual([['b'], ['b']]);
    await both;
  });

  test('writes in the order in which it was told, also what waited while the ledger was away', async () => {
    let failures = 1;
    const fake = fakeLedger(async () => {
      if (failures-- > 0) throw away();
    });
    const recorder = createRecorder({ ledger: fake.ledger, logger, batchItems: 1 });
    await Promise.all(['a', 'b'].map((id) => recorder.recordOutcome(item(id))));
    expect(fake.calls).toEqual([['a'], ['a'], ['b']]);
  });

  test('does not write again what was written before the ledger went away', async () => {
    let failures = 1;
    const fake = fakeLedger(async (ids) => {
      if (ids.includes('ended') && failures-- > 0) throw away();
    });
    const recorder = createRecorder({ ledger: fake.ledger, logger });
    await Promise.all([recorder.recordOpen(open('open')), recorder.recordOutcome(item('ended'))]);
    expect(fake.calls).toEqual([['open'], ['ended'], ['ended']]);
  });

  test('one item that the ledger refuses fails alone', async () => {
    const fake = fakeLedger(async (ids) => {
      if (ids.includes('poison')) throw new ExecutionError('invalid_input', 'no');
    });
    const recorder = createRecorder({ ledger: fake.ledger, logger });
    const ids = ['a', 'b', 'poison', 'c', 'd', 'e', 'f'];
    const results = await Promise.allSettled(ids.map((id) => recorder.recordOutcome(item(id))));
    expect(ids.filter((_, n) => results[n]?.status === 'rejected')).toEqual(['poison']);
    expect(results[2]).toMatchObject({ reason: { code: 'invalid_input' } });
  });

  test('refuses more than it may hold, so that its memory is bounded', async () => {
    const fake = fakeLedger(async () => {
      throw away();
    });
    const recorder = createRecorder({ ledger: fake.ledger, logger, queueBytes: 1_000 });
    const held = recorder.recordOutcome(item('a', 'x'.repeat(800)));
    await expect(recorder.recordOutcome(item('b', 'x'.repeat(800)))).rejects.toMatchObject({
      code: 'ledger_unavailable',
    });
    const closing = recorder.close(10);
    await expect(held).rejects.toMatchObject({ code: 'ledger_unavailable' });
    await closing;
  });

  test('what is written no longer counts against what it may hold, however much that was in all', async () => {
    const fake = fakeLedger();
    const recorder = createRecorder({ ledger: fake.ledger, logger, queueBytes: 3_000 });
    for (let n = 0; n < 5; n += 1) {
      const pair = [`a${n}`, `b${n}`].map((id) => recorder.recordOutcome(item(id, 'x'.repeat(800))));
      expect((await Promise.all(pair)).map(({ result }) => result)).toEqual(['applied', 'applied']);
    }
    expect(fake.calls).toHaveLength(5);
  });

  test('what an outage let through no longer counts either, nor what the ledger refused', async () => {
    let failures = 1;
    const fake = fakeLedger(async (ids) => {
      if (ids.includes('ended') && failures-- > 0) throw away();
      if (ids.includes('poison')) throw new ExecutionError('invalid_input', 'no');
    });
    const recorder = createRecorder({ ledger: fake.ledger, logger, queueBytes: 3_000 });
    await Promise.all([recorder.recordOpen(open('open')), recorder.recordOutcome(item('ended', 'x'.repeat(800)))]);
    await expect(recorder.recordOutcome(item('poison', 'x'.repeat(2_000)))).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const both = ['a', 'b'].map((id) => recorder.recordOutcome(item(id, 'x'.repeat(1_000))));
    expect((await Promise.all(both)).map(({ result }) => result)).toEqual(['applied', 'applied']);
  });

  test('one item may be larger than all that it may hold: it goes alone', async () => {
    const fake = fakeLedger();
    const recorder = createRecorder({ ledger: fake.ledger, logger, queueBytes: 1_000 });
    expect(await recorder.recordOutcome(item('a', 'x'.repeat(5_000)))).toMatchObject({ result: 'applied' });
  });

  test('an answer that is missing is an error, and not an end without a word', async () => {
    const { ledger } = fakeLedger();
    const recorder = createRecorder({ ledger: { ...ledger, recordOutcomes: async () => [] }, logger });
    await expect(recorder.recordOutcome(item('a'))).rejects.toMatchObject({ code: 'internal' });
  });

  test('closes once what it holds is written, and takes nothing more', async () => {
    const fake = fakeLedger();
    const recorder = createRecorder({ ledger: fake.ledger, logger });
    const written = recorder.recordOutcome(item('a'));
    await recorder.close(1_000);
    expect(await written).toMatchObject({ result: 'applied' });
    await expect(recorder.recordOutcome(item('b'))).rejects.toMatchObject({ code: 'ledger_unavailable' });
  });
});
