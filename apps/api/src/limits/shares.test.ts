import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Shares } from './shares.ts';
import { createShares } from './shares.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Asking {
  /** How long each piece of work takes, in milliseconds. */
  ms: number;
  /** Of work that goes on side by side. */
  atOnce?: number;
  /** How often somebody else asks meanwhile, in milliseconds; never by default. */
  otherEveryMs?: number;
}

/** Pieces of work of one user who goes on without pause. @returns how many are done in 10 s */
async function countDone(shares: Shares, { ms, atOnce = 1, otherEveryMs }: Asking): Promise<number> {
  let done = 0;
  let isOver = false;
  const work = () => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const nothing = async () => {};
  const goOn = async () => {
    while (!isOver) {
      await shares.take('anna', { signal: undefined, mostMs: 100 }, work);
      done += 1;
    }
  };
  const askAsOther = async () => {
    while (!isOver) {
      await shares.take('ben', { signal: undefined, ms: 1 }, nothing);
      await new Promise<void>((resolve) => setTimeout(resolve, otherEveryMs));
    }
  };
  const all = [...Array.from({ length: atOnce }, goOn), ...(otherEveryMs ? [askAsOther()] : [])];
  await vi.advanceTimersByTimeAsync(10_000);
  const counted = done;
  isOver = true;
  // The longest rest, and the longest work after it.
  await vi.advanceTimersByTimeAsync(2_000);
  await Promise.all(all);
  return counted;
}

test('who asks alone has all of the time', async () => {
  expect(await countDone(createShares(), { ms: 10 })).toBe(1_000);
});

test.each([1, 5])(
  'who asks without pause has half a second, then a fifth of the time, while others ask (%i at once)',
  async (atOnce) => {
    const done = await countDone(createShares(), { ms: 10, atOnce, otherEveryMs: 100 });
    // (500 ms + 10 s / 5) of 10 ms each
    expect(done).toBeGreaterThan(230);
    expect(done).toBeLessThan(270);
  },
);

test('who asked more than a second ago does not ask any more', async () => {
  const shares = createShares();
  await shares.take('ben', { signal: undefined, ms: 1 }, async () => {});
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await countDone(shares, { ms: 10 })).toBe(1_000);
});

test('whoever asks now and then never rests, and what was taken is forgotten with time', async () => {
  const shares = createShares();
  const rests: number[] = [];
  for (let page = 0; page < 10; page += 1) {
    // A page that opens, every two seconds: 12 readings of 20 ms.
    for (let reading = 0; reading < 12; reading += 1) {
      await shares.take('ben', { signal: undefined, ms: 1 }, async () => {});
      const from = performance.now();
      await shares.take('anna', { signal: undefined, ms: 20 }, async () => {});
      rests.push(performance.now() - from);
    }
    await vi.advanceTimersByTimeAsync(2_000);
  }
  expect(Math.max(...rests)).toBe(0);
});

test('a slow database has nobody wait long: five times the most that a reading counts', async () => {
  // 1 s of work each, and 500 ms of rest at most
  expect(await countDone(createShares(), { ms: 1_000, otherEveryMs: 100 })).toBe(10);
  expect(await countDone(createShares(), { ms: 1_000, atOnce: 5, otherEveryMs: 100 })).toBeGreaterThanOrEqual(30);
});

test('what is known to cost much is worth a rest of five times that', async () => {
  const shares = createShares();
  const rested: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    await shares.take('ben', { signal: undefined, ms: 1 }, async () => {});
    const from = performance.now();
    let isDone = false;
    const done = shares.take('anna', { signal: undefined, ms: 400 }, async () => {
      rested.push(performance.now() - from);
      isDone = true;
    });
    while (!isDone) await vi.advanceTimersByTimeAsync(10);
    await done;
  }
  // 500 ms are free of 400 ms each, and two rounds of 10 ms went by.
  expect(rested.map((ms) => Math.round(ms / 10) * 10)).toEqual([0, 0, 1_480, 2_000, 2_000]);
});

/** How long nothing of Anna's rests, while Ben asks too, in milliseconds. */
async function restOf(shares: Shares): Promise<number> {
  await shares.take('ben', { signal: undefined, ms: 1 }, async () => {});
  const from = performance.now();
  const rested = shares.take('anna', { signal: undefined, mostMs: 50 }, async () => performance.now() - from);
  await vi.advanceTimersByTimeAsync(2_000);
  return rested;
}

test('a reading counts no more than its most, however long the database takes', async () => {
  const shares = createShares();
  const slow = shares.take('anna', { signal: undefined, mostMs: 100 }, () => new Promise((r) => setTimeout(r, 9_000)));
  await vi.advanceTimersByTimeAsync(9_000);
  await slow;
  expect(await restOf(shares)).toBe(0);
});

test('what costs little rests a quarter of a second at most, whatever large thing was before', async () => {
  const shares = createShares();
  for (let n = 0; n < 5; n += 1) shares.spend('anna', 400);
  expect(await restOf(shares)).toBe(250);
});

test('what rests for a caller who has gone is never done', async () => {
  const shares = createShares();
  await countDone(shares, { ms: 10, otherEveryMs: 100 });
  await shares.take('ben', { signal: undefined, ms: 1 }, async () => {});
  for (let n = 0; n < 20; n += 1) shares.spend('anna', 100);
  const left = new AbortController();
  const work = vi.fn(async () => {});
  const resting = shares.take('anna', { signal: left.signal, ms: 1 }, work);
  left.abort();
  await expect(resting).rejects.toMatchObject({ code: 'rate_limited' });
  expect(work).not.toHaveBeenCalled();
});

test('rests are told, and how they ended', async () => {
  const told: string[] = [];
  const shares = createShares(() => {
    told.push('rests');
    return (end) => void told.push(end);
  });
  const take = (userId: string, ms: number, signal?: AbortSignal) =>
    shares.take(userId, { signal, ms }, async () => {});
  await take('ben', 1);
  await take('anna', 600);
  expect(told).toEqual([]);
  const waits = take('anna', 1);
  await vi.advanceTimersByTimeAsync(1_000);
  await waits;
  expect(told).toEqual(['rests', 'began']);
  await take('ben', 1);
  await take('anna', 600);
  await take('ben', 1);
  const gone = new AbortController();
  const leaves = take('anna', 1, gone.signal);
  gone.abort();
  await expect(leaves).rejects.toMatchObject({ code: 'rate_limited' });
  expect(told).toEqual(['rests', 'began', 'rests', 'gone']);
});
