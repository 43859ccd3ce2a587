import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { breathe } from './breathe.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

async function msOf(bytes: number): Promise<number> {
  let isOver = false;
  void breathe(bytes).then(() => {
    isOver = true;
  });
  for (let ms = 0; ms < 1_000; ms += 1) {
    await vi.advanceTimersByTimeAsync(ms === 0 ? 0 : 1);
    if (isOver) return ms;
  }
  throw new Error('it never went on');
}

test('what is large lets others go for about as long as a step of it takes, what is not goes on at once', async () => {
  expect(await msOf(0)).toBe(0);
  expect(await msOf(99_999)).toBe(0);
  expect(await msOf(500_000)).toBe(5);
  expect(await msOf(2_000_000)).toBe(20);
  expect(await msOf(50_000_000)).toBe(25);
});
