import { setImmediate as tick } from 'node:timers/promises';
import { ExecutionError } from '@runledger/contracts';
import { expect, test } from 'vitest';
import type { TakeTurn } from './fair-turns.ts';
import { createFairTurns } from './fair-turns.ts';

const OPTIONS = { name: 'schemaChecks', atOnce: 2, waitingPerKey: 3, waitingInAll: 5 } as const;

/** Work that ends when it is told to, in the order in which it began. */
function createWork(takeTurn: TakeTurn) {
  const began: string[] = [];
  const ends: (() => void)[] = [];
  const submit = (key: string, label: string) =>
    takeTurn(key, async () => {
      began.push(label);
      await new Promise<void>((end) => ends.push(end));
      return label;
    });
  const endOldest = async () => {
    ends.shift()?.();
    await tick();
  };
  return { began, submit, endOldest };
}

test('one of a key is under way at a time, and another key does not wait behind all that the first has waiting', async () => {
  const { began, submit, endOldest } = createWork(createFairTurns(OPTIONS));
  const all = [submit('anna', 'a1'), submit('anna', 'a2'), submit('anna', 'a3'), submit('ben', 'b1')];
  await tick();
  expect(began).toEqual(['a1', 'b1']);
  all.push(submit('cleo', 'c1'));
  await endOldest();
  expect(began).toEqual(['a1', 'b1', 'a2']);
  await endOldest();
  expect(began).toEqual(['a1', 'b1', 'a2', 'c1']);
  for (let left = 0; left < 3; left += 1) await endOldest();
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'b1', 'c1']);
});

test('what would wait behind too much is refused at once, and says after when to try again', async () => {
  const { began, submit } = createWork(createFairTurns(OPTIONS));
  for (const label of ['a1', 'a2', 'a3', 'a4']) void submit('anna', label);
  const refused = await submit('anna', 'a5').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ExecutionError);
  expect(refused).toMatchObject({
    code: 'rate_limited',
    limit: { name: 'schemaChecks', limit: 3, windowMs: null, retryAfterMs: 1_000 },
  });
  for (const label of ['b1', 'b2', 'b3']) void submit('ben', label);
  await expect(submit('cleo', 'c1')).rejects.toMatchObject({ limit: { limit: 5 } });
  await tick();
  expect(began).toEqual(['a1', 'b1']);
});

test('work that fails gives its turn to the next', async () => {
  const takeTurn = createFairTurns({ ...OPTIONS, atOnce: 1 });
  const failing = takeTurn('anna', async () => Promise.reject(new Error('no')));
  const next = takeTurn('anna', async () => 'done');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
});
