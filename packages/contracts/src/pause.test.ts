import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { pause } from './pause.ts';

test('a pause leaves nothing behind on its signal, and one that was aborted ends it', async () => {
  const ending = new AbortController();
  const { signal } = ending;
  for (let n = 0; n < 20; n += 1) await pause(0, signal);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  const long = pause(600_000, signal);
  ending.abort();
  await long;
  await pause(600_000, signal);
});
