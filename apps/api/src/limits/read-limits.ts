import type { Log } from '@runledger/router';
import type { ApiParts } from '../context.ts';
import type { Env } from '../env.ts';
import { createPostgresStore } from './postgres-store.ts';
import type { RateStore } from './rate-store.ts';
import { createMemoryStore } from './rate-store.ts';
import { createRedisStore } from './redis-store.ts';
import { createUnverifiedLimit } from './unverified.ts';
import type { UserLimitOptions } from './user-limits.ts';
import { createUserLimits } from './user-limits.ts';

/** The store that the environment names. Connects to nothing yet. */
export function openRateStore(store: Env['RUNLEDGER_RATE_LIMIT_STORE'], log: Log): RateStore {
  if (store === 'memory') return createMemoryStore();
  return store.startsWith('redis') ? createRedisStore(store, log) : createPostgresStore(store, log);
}

/** What the environment says of how much users, and addresses of nobody known, may ask for. */
export function readLimits(
  env: Env,
  store: RateStore,
  waiting: Pick<UserLimitOptions, 'placeMs' | 'onWait'> = {},
): Required<Pick<ApiParts, 'userLimits' | 'unverified' | 'allowsAnonymous' | 'proxyHops'>> {
  return {
    userLimits: createUserLimits(
      {
        requestsPerMinute: env.RUNLEDGER_REQUESTS_PER_MINUTE,
        writesPerMinute: env.RUNLEDGER_WRITES_PER_MINUTE,
        storedBytesPerDay: env.RUNLEDGER_STORED_BYTES_PER_DAY,
        streams: env.RUNLEDGER_STREAMS_PER_USER,
        callsAtOnce: env.RUNLEDGER_CALLS_AT_ONCE,
        ...waiting,
      },
      store,
    ),
    unverified: createUnverifiedLimit(env.RUNLEDGER_UNVERIFIED_PER_MINUTE),
    proxyHops: env.RUNLEDGER_PROXY_HOPS,
    allowsAnonymous: env.RUNLEDGER_ANONYMOUS_USERS === 'allowed',
  };
}
