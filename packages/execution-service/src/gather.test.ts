import { ExecutionError } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { gather } from './gather.ts';

const BOUNDS = { items: 3, bytes: 100, bytesOf: (item: string) => item.length };

/** Calls that are answered when the test says so. */
function heldCalls() {
  const calls: string[][] = [];
  const open: (() => void)[] = [];
  const call = async (items: string[]) => {
    calls.push(items);
    await new Promise<void>((resolve) => open.push(resolve));
    return items.map((item) => item.toUpperCase());
  };
  return { calls, call, answerNext: () => open.shift()?.() };
}

const turn = () => new Promise((next) => setTimeout(next));

describe('items for the same call', () => {
  test('go at once where none is under way, and together in the next where one is', async () => {
    const { calls, call, answerNext } = heldCalls();
    const send = gather(call, BOUNDS);
    const answers = Promise.all(['a', 'b', 'c', 'd', 'e'].map(send));
    expect(calls).toEqual([['a']]);
    answerNext();
    await turn();
    expect(calls).toEqual([['a'], ['b', 'c', 'd']]);
    answerNext();
    await turn();
    expect(calls.at(-1)).toEqual(['e']);
    answerNext();
    expect(await answers).toEqual(['A', 'B', 'C', 'D', 'E']);
    const later = send('f');
    expect(calls.at(-1)).toEqual(['f']);
    answerNext();
    expect(await later).toBe('F');
  });

  test('are no more bytes than a call may have; one that has more goes alone', async () => {
    const { calls, call, answerNext } = heldCalls();
    const send = gather(call, BOUNDS);
    const answers = Promise.all(['a', 'b'.repeat(60), 'c'.repeat(60), 'd'.repeat(200), 'e'].map(send));
    for (let n = 0; n < 5; n += 1) {
      answerNext();
      await turn();
    }
    await answers;
    expect(calls.map((items) => items.map(({ length }) => length))).toEqual([[1], [60], [60], [200], [1]]);
  });

  test('of another lane wait for none of this one', async () => {
    const { calls, call, answerNext } = heldCalls();
    const send = gather(call, { ...BOUNDS, laneOf: (item) => item[0] as string });
    const answers = Promise.all(['a1', 'a2', 'b1'].map(send));
    expect(calls).toEqual([['a1'], ['b1']]);
    for (let n = 0; n < 3; n += 1) {
      answerNext();
      await turn();
    }
    expect(await answers).toEqual(['A1', 'A2', 'B1']);
    expect(calls.at(-1)).toEqual(['a2']);
  });
});

describe('a call that is refused', () => {
  test('is made again for each item alone: the others get their answers', async () => {
    const calls: string[][] = [];
    const send = gather(async (items: string[]) => {
      calls.push(items);
      await turn();
      if (items.includes('bad')) throw new ExecutionError('invalid_input', 'bad');
      return items;
    }, BOUNDS);
    const settled = await Promise.allSettled(['a', 'b', 'bad', 'c'].map(send));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(calls).toEqual([['a'], ['b', 'bad', 'c'], ['b'], ['bad'], ['c']]);
  });

  test('for a ledger that is away is that for all, and asked once', async () => {
    const calls: string[][] = [];
    const send = gather(async (items: string[]) => {
      calls.push(items);
      await turn();
      throw new ExecutionError('ledger_unavailable', 'fetch failed');
    }, BOUNDS);
    const settled = await Promise.allSettled(['a', 'b', 'c'].map(send));
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    expect(calls).toEqual([['a'], ['b', 'c']]);
  });
});
