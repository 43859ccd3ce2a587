import { expect, test } from 'vitest';
import { listen } from './http-listener.ts';

test('closing ends the connections at once, and waits for what is still being handled', async () => {
  const begun = Promise.withResolvers<void>();
  const may = Promise.withResolvers<void>();
  const seen: string[] = [];
  const listener = await listen('127.0.0.1', 0, async () => {
    begun.resolve();
    await may.promise;
    seen.push('handled');
    return new Response();
  });
  const asked = fetch(listener.url).catch(() => void seen.push('broken off'));
  await begun.promise;
  const closed = listener.close().then(() => void seen.push('closed'));
  await asked;
  expect(seen).toEqual(['broken off']);
  may.resolve();
  await closed;
  expect(seen).toEqual(['broken off', 'handled', 'closed']);
});
