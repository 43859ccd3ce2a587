import { expect, test, vi } from 'vitest';
import { createPlaces } from './places.ts';

/** Work that ends when it is told to. */
function createWork(most: number | null) {
  /** How what waited ended. */
  const waits: string[] = [];
  const take = createPlaces(most, { onWait: () => (end) => void waits.push(end) });
  const began: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const call = (userId: string, name: string, { places = 1, signal }: { places?: number; signal?: AbortSignal } = {}) =>
    take(userId, { places, signal }, () => {
      began.push(name);
      return new Promise<string>((resolve, reject) => {
        ends.set(name, (error) => (error ? reject(error) : resolve(name)));
      });
    });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { began, waits, call, settled, end: (name: string, error?: Error) => ends.get(name)?.(error) };
}

test('a user has so many calls under way, further ones wait in their order, and nobody else waits', async () => {
  const { began, call, end, settled } = createWork(2);
  const annas = ['a1', 'a2', 'a3', 'a4'].map((name) => call('anna', name));
  void call('ben', 'b1');
  await settled();
  expect(began).toEqual(['a1', 'a2', 'b1']);
  end('a2');
  expect(await annas[1]).toBe('a2');
  await settled();
  expect(began).toEqual(['a1', 'a2', 'b1', 'a3']);
  end('a1');
  await annas[0];
  await settled();
  expect(began.at(-1)).toBe('a4');
  // Both places are taken still.
  end('a3');
  await annas[2];
  void call('anna', 'a5');
  void call('anna', 'a6');
  await settled();
  expect(began.at(-1)).toBe('a5');
});

test('work that costs more takes more places, at most all of them, and what came later does not overtake it', async () => {
  const { began, call, end, settled } = createWork(10);
  void call('anna', 'page', { places: 3 });
  void call('anna', 'export', { places: 99 });
  void call('anna', 'small');
  await settled();
  expect(began).toEqual(['page']);
  end('page');
  await settled();
  expect(began).toEqual(['page', 'export']);
  void call('ben', 'page of ben', { places: 3 });
  await settled();
  expect(began.at(-1)).toBe('page of ben');
  end('export');
  await settled();
  expect(began.at(-1)).toBe('small');
});

test('what waits for a caller who has gone is never done, and keeps nobody waiting', async () => {
  const { began, waits, call, end, settled } = createWork(2);
  const left = new AbortController();
  void call('anna', 'first');
  const large = call('anna', 'large', { places: 2, signal: left.signal });
  void call('anna', 'second');
  await settled();
  expect(began).toEqual(['first']);
  left.abort();
  await expect(large).rejects.toMatchObject({ code: 'rate_limited', message: expect.stringContaining('given up') });
  await settled();
  expect(waits).toEqual(['gone', 'began']);
  // It came after the one that has gone.
  expect(began).toEqual(['first', 'second']);
  await expect(call('anna', 'gone before', { signal: left.signal })).rejects.toMatchObject({ code: 'rate_limited' });
  end('first');
  end('second');
  await settled();
  expect(began).toEqual(['first', 'second']);
  void call('anna', 'whole', { places: 2 });
  await settled();
  expect(began.at(-1)).toBe('whole');
});

test('one that fails gives its place back, and one that comes then is not let in before those that wait', async () => {
  const { began, call, end, settled } = createWork(1);
  const first = call('anna', 'a1');
  const second = call('anna', 'a2');
  await settled();
  end('a1', new Error('refused'));
  const third = call('anna', 'a3');
  await expect(first).rejects.toThrow('refused');
  await settled();
  expect(began).toEqual(['a1', 'a2']);
  end('a2');
  await second;
  await settled();
  end('a3');
  expect(await third).toBe('a3');
  // Everything is given back.
  void call('anna', 'a4');
  await settled();
  expect(began.at(-1)).toBe('a4');
});

test('without a limit nobody waits', () => {
  const { began, call } = createWork(null);
  for (let n = 0; n < 50; n += 1) void call('anna', `a${n}`, { places: 10 });
  expect(began).toHaveLength(50);
});

test('what waits too long behind calls that are not answered is told so, and keeps no place', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { began, waits: ends, call, end, settled } = createWork(1);
    const slow = call('anna', 'slow');
    const waits = call('anna', 'waits');
    const refused = expect(waits).rejects.toMatchObject({
      code: 'rate_limited',
      message: expect.stringContaining('20 s'),
    });
    vi.advanceTimersByTime(19_000);
    const later = call('anna', 'later');
    vi.advanceTimersByTime(1_000);
    await refused;
    end('slow');
    await slow;
    await settled();
    expect(began).toEqual(['slow', 'later']);
    end('later');
    expect(await later).toBe('later');
    expect(ends).toEqual(['too_long', 'began']);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
