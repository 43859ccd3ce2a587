import type { Log } from '@runledger/router';
import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { RateStore } from './rate-store.ts';
import { storedLimiterOptions, takeFrom } from './rate-store.ts';
import { countInMemoryWhileAway, PATIENCE } from './several-processes.ts';

/** What other programs keep in the same server has other names. */
const PREFIX = 'runledger_limits:';

/** For several processes, in a Redis, or in what speaks its protocol (Valkey). Keys go by themselves with their window. */
export function createRedisStore(url: string, log: Log, patience = PATIENCE): RateStore {
  const { answersWithinMs, awayMs } = patience;
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: answersWithinMs,
    commandTimeout: answersWithinMs,
    // A connection on which nothing comes back is replaced, not waited for.
    socketTimeout: answersWithinMs,
    // Whoever waits while it is away is told at once; it goes on trying to connect by itself.
    maxRetriesPerRequest: 0,
  });
  // Told to whoever asks for something.
  client.on('error', () => {});
  const store: RateStore = {
    open: (rate) =>
      takeFrom(
        new RateLimiterRedis({
          ...storedLimiterOptions(rate),
          keyPrefix: `${PREFIX}${rate.name}`,
          storeClient: client,
        }),
        rate,
      ),
    async close() {
      client.disconnect();
    },
  };
  return countInMemoryWhileAway(store, log, awayMs);
}
