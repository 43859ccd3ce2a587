import { isExecutionError } from '@runledger/contracts';
import { expect, test, vi } from 'vitest';
import { createMemoryStore } from './rate-store.ts';
import { createUserLimits } from './user-limits.ts';

const NONE = { requestsPerMinute: null, writesPerMinute: null, storedBytesPerDay: null, streams: null };
const limited = (options: Partial<typeof NONE | Record<keyof typeof NONE, number>>) =>
  createUserLimits({ ...NONE, ...options }, createMemoryStore());

test('a user has so many streams open at a time, and closing one twice makes room for one', () => {
  const limits = limited({ streams: 2 });
  const [first] = [limits.openStream('anna'), limits.openStream('anna')];
  const open = () => limits.openStream('anna');
  expect(open).toThrow('You may have 2 subscriptions open at a time; close one first.');
  limits.openStream('ben');
  first?.();
  first?.();
  open();
  expect(open).toThrow(expect.objectContaining({ code: 'rate_limited' }));
  try {
    open();
  } catch (error) {
    expect(isExecutionError(error) && error.limit).toEqual({
      name: 'streams',
      limit: 2,
      windowMs: null,
      retryAfterMs: null,
    });
  }
});

test('whoever was refused is known to be until their window ends, and nobody else is', async () => {
  const limits = limited({ writesPerMinute: 1, storedBytesPerDay: 1_000 });
  await limits.take('writes', 'anna');
  expect(limits.refusal('writes', 'anna')).toBeNull();
  await expect(limits.take('writes', 'anna')).rejects.toMatchObject({ code: 'rate_limited' });
  const refusal = limits.refusal('writes', 'anna');
  expect(refusal).toMatchObject({ code: 'rate_limited', limit: { name: 'writes', limit: 1, windowMs: 60_000 } });
  expect(refusal?.limit?.retryAfterMs).toBeLessThanOrEqual(60_000);
  expect([limits.refusal('requests', 'anna'), limits.refusal('writes', 'ben')]).toEqual([null, null]);
});

test('what is not limited is never refused', async () => {
  const limits = limited({});
  for (let call = 0; call < 50; call += 1) await limits.take('requests', 'anna');
  await limits.take('storedBytes', 'anna', 1e15);
  for (let stream = 0; stream < 50; stream += 1) limits.openStream('anna');
});

test('what did not fit is not counted, so that something smaller fits', async () => {
  const limits = limited({ storedBytesPerDay: 10_000 });
  await limits.take('storedBytes', 'anna', 6_000);
  for (let attempt = 0; attempt < 3; attempt += 1)
    await expect(limits.take('storedBytes', 'anna', 5_000)).rejects.toMatchObject({ code: 'rate_limited' });
  await limits.take('storedBytes', 'anna', 4_000);
  await expect(limits.take('storedBytes', 'anna', 1)).rejects.toMatchObject({ code: 'rate_limited' });
});

test('whoever opens streams or reads without pause rests before the next request while others ask, and not without places', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const ask = (limits: ReturnType<typeof limited>, userId: string, of: 'requests' | 'reads') =>
      limits.inTurn?.(userId, { of, places: 1 }, () => new Promise<void>((resolve) => setTimeout(resolve, 5)));
    const opensMany = { ...NONE, streams: 1 };
    const limits = createUserLimits({ ...opensMany, callsAtOnce: 5 }, createMemoryStore());
    const free = createUserLimits({ ...opensMany, callsAtOnce: null }, createMemoryStore());
    for (const each of [limits, free]) {
      // Refused ones, all but the first.
      for (let n = 0; n < 100; n += 1)
        try {
          each.openStream('anna');
        } catch {}
    }
    const done: string[] = [];
    const asked = [
      ask(limits, 'ben', 'reads')?.then(() => done.push('ben')),
      ask(limits, 'anna', 'requests')?.then(() => done.push('anna, a request')),
      ask(limits, 'anna', 'reads')?.then(() => done.push('anna, a reading')),
      ask(free, 'ben', 'reads')?.then(() => done.push('ben, free')),
      ask(free, 'anna', 'requests')?.then(() => done.push('anna, free')),
    ];
    await vi.advanceTimersByTimeAsync(10);
    expect(done.sort()).toEqual(['anna, free', 'ben', 'ben, free']);
    await vi.advanceTimersByTimeAsync(250);
    expect(done).toContain('anna, a request');
    expect(done).toContain('anna, a reading');
    await Promise.all(asked);
  } finally {
    vi.useRealTimers();
  }
});

test('a request with a large body costs its user time, so that the next one rests while others ask', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const limits = createUserLimits({ ...NONE, callsAtOnce: 5 }, createMemoryStore());
    const done: string[] = [];
    const ask = (userId: string, bytes: number) =>
      limits.inTurn?.(userId, { of: 'requests', places: 1, bytes }, async () => void done.push(userId));
    for (const bytes of [2_000_000, 2_000_000]) await ask('anna', bytes);
    const asked = [ask('ben', 0), ask('anna', 0)];
    await vi.advanceTimersByTimeAsync(10);
    expect(done).toEqual(['anna', 'anna', 'ben']);
    await vi.advanceTimersByTimeAsync(250);
    await Promise.all(asked);
    expect(done.at(-1)).toBe('anna');
  } finally {
    vi.useRealTimers();
  }
});

test.each([
  ['what may cost much rests five times what it counts', 40, 1_250],
  ['what costs little rests a quarter of a second at most', 1, 250],
])('%s', async (_, places, restMs) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const limits = createUserLimits({ ...NONE, callsAtOnce: 5 }, createMemoryStore());
    const slow = () => new Promise<void>((done) => setTimeout(done, 300));
    const quick = async () => performance.now();
    const all = async () => {
      // Each of 250 ms at most, of all places there are: together more than is free.
      for (let n = 0; n < 6; n += 1) await limits.inTurn?.('anna', { of: 'reads', places: 40 }, slow);
      await limits.inTurn?.('ben', { of: 'reads', places: 1 }, quick);
      const from = performance.now();
      return ((await limits.inTurn?.('anna', { of: 'reads', places }, quick)) ?? 0) - from;
    };
    const rested = all();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await rested).toBe(restMs);
  } finally {
    vi.useRealTimers();
  }
});
