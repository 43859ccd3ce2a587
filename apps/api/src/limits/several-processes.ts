import type { Log } from '@runledger/router';
import type { RateStore, TakePoints } from './rate-store.ts';
import { createMemoryStore } from './rate-store.ts';

/**
 * In milliseconds: how long a request waits for the store, and how long it is not asked after it failed to answer, so that
 * requests do not wait for it meanwhile.
 */
export const PATIENCE = { answersWithinMs: 1_000, awayMs: 5_000 };

/**
 * A store that several processes share. While it is away each process counts in its own memory: a user may then take as much
 * from each of them, and nobody is refused for it.
 */
export function countInMemoryWhileAway(store: RateStore, log: Log, awayMs: number): RateStore {
  const memory = createMemoryStore();
  let awayUntil = 0;
  return {
    open(rate): TakePoints {
      const inMemory = memory.open(rate);
      const inStore = store.open(rate);
      return async (key, points) => {
        if (Date.now() < awayUntil) return inMemory(key, points);
        try {
          return await inStore(key, points);
        } catch (error) {
          // Of several that waited for it, the first says so.
          if (Date.now() >= awayUntil)
            log.warn({ err: error, limit: rate.name }, 'the store of rate limits does not answer; counting in memory');
          awayUntil = Date.now() + awayMs;
          return inMemory(key, points);
        }
      };
    },
    close: () => store.close(),
  };
}
