import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

const NUMBERS = Array.from({ length: 20 }, (_, n) => n);

test('everything is worked on once, and never more than the limit at once', async () => {
  const done: number[] = [];
  let [running, most] = [0, 0];
  await inParallel(NUMBERS, 4, async (n) => {
    running += 1;
    most = Math.max(most, running);
    await pause(1);
    running -= 1;
    done.push(n);
  });
  expect(done.toSorted((a, b) => a - b)).toEqual(NUMBERS);
  expect(most).toBe(4);
});

test('an error stops what has not begun, and comes once what had begun is over', async () => {
  const [begun, over]: [number[], number[]] = [[], []];
  const [threeBegun, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isOver = false;
  const work = inParallel(NUMBERS, 3, async (n) => {
    begun.push(n);
    if (begun.length === 3) threeBegun.resolve();
    await threeBegun.promise;
    if (n === 1) throw new Error('away');
    await mayEnd.promise;
    over.push(n);
  }).finally(() => {
    isOver = true;
  });
  await threeBegun.promise;
  await pause(20);
  expect(isOver).toBe(false);
  mayEnd.resolve();
  await expect(work).rejects.toThrow('away');
  expect(begun).toEqual([0, 1, 2]);
  expect(over).toEqual([0, 2]);
});
