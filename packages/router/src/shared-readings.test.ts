import { expect, test } from 'vitest';
import { createSharedReadings } from './shared-readings.ts';

/** A reading that ends when it is told to. */
function reading<T>() {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const begun: string[] = [];
  const read = (who: string) => () => {
    begun.push(who);
    return promise;
  };
  return { begun, read, resolve, reject };
}

test('those who ask while it is under way are told by it, and who asks later reads anew', async () => {
  const share = createSharedReadings();
  const { begun, read, resolve } = reading<number>();
  const answers = [share('a', read('one')), share('a', read('two')), share('b', read('another'))];
  expect(begun).toEqual(['one', 'another']);
  resolve(1);
  expect(await Promise.all(answers)).toEqual([1, 1, 1]);
  await share('a', read('later'));
  expect(begun).toEqual(['one', 'another', 'later']);
});

test('one that fails fails for whoever began it: the others read for themselves, and nothing is left of it', async () => {
  const share = createSharedReadings();
  const { begun, read, reject } = reading<number>();
  const first = share('a', read('gone'));
  const others = [share('a', async () => 2), share('a', async () => 3)];
  reject(new Error('The reader has gone.'));
  await expect(first).rejects.toThrow('gone');
  expect(await Promise.all(others)).toEqual([2, 3]);
  expect(await share('a', async () => 4)).toBe(4);
  expect(begun).toEqual(['gone']);
});
