import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { asking } from './asking.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function said(ms: number, fails = false): Promise<(string | null)[]> {
  const shown: (string | null)[] = [];
  const answer = new Promise<void>((resolve, reject) => setTimeout(fails ? reject : resolve, ms));
  const waiting = asking({ progress: (text) => void shown.push(text) }, answer).catch(() => {});
  await vi.advanceTimersByTimeAsync(ms);
  await waiting;
  return shown;
}

test('whoever waits for a second is told so, and it is taken back with the answer or the failure', async () => {
  expect(await said(2_000)).toEqual(['asking …', null]);
  expect(await said(2_000, true)).toEqual(['asking …', null]);
});

test('a quick answer comes without a word', async () => {
  expect(await said(900)).toEqual([]);
});
