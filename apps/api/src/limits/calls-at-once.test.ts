import { expect, test } from 'vitest';
import { createCallsAtOnce } from './calls-at-once.ts';

/** Calls that end when they are told to. */
function createWork(most: number | null) {
  const inTurn = createCallsAtOnce(most);
  const began: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const call = (userId: string, name: string) =>
    inTurn(userId, () => {
      began.push(name);
      return new Promise<string>((resolve, reject) => {
        ends.set(name, (error) => (error ? reject(error) : resolve(name)));
      });
    });
  return { began, call, end: (name: string, error?: Error) => ends.get(name)?.(error) };
}

test('a user has so many calls under way, further ones wait in their order, and nobody else waits', async () => {
  const { began, call, end } = createWork(2);
  const annas = ['a1', 'a2', 'a3', 'a4'].map((name) => call('anna', name));
  void call('ben', 'b1');
  expect(began).toEqual(['a1', 'a2', 'b1']);
  end('a2');
  expect(await annas[1]).toBe('a2');
  expect(began).toEqual(['a1', 'a2', 'b1', 'a3']);
  end('a1');
  await annas[0];
  expect(began.at(-1)).toBe('a4');
});

test('one that fails gives its place back, and one that comes then is not let in before those that wait', async () => {
  const { began, call, end } = createWork(1);
  const first = call('anna', 'a1');
  const second = call('anna', 'a2');
  end('a1', new Error('refused'));
  const third = call('anna', 'a3');
  await expect(first).rejects.toThrow('refused');
  expect(began).toEqual(['a1', 'a2']);
  end('a2');
  await second;
  end('a3');
  expect(await third).toBe('a3');
  // Everything is given back.
  void call('anna', 'a4');
  expect(began.at(-1)).toBe('a4');
});

test('without a limit nobody waits', () => {
  const { began, call } = createWork(null);
  for (let n = 0; n < 50; n += 1) void call('anna', `a${n}`);
  expect(began).toHaveLength(50);
});
