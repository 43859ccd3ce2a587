import type { ExecutionError, LimitName, ReachedLimit } from '@runledger/contracts';
import { isExecutionError } from '@runledger/contracts';
import type { UserLimits } from '@runledger/router';
import { LRUCache } from 'lru-cache';
import type { OnWait } from './places.ts';
import { createPlaces } from './places.ts';
import { rateLimited } from './rate-limited.ts';
import type { RateStore, TakePoints } from './rate-store.ts';
import { createShares } from './shares.ts';

/** What each user may ask of this API; `null`: as much as they like. */
export interface UserLimitOptions {
  requestsPerMinute: number | null;
  writesPerMinute: number | null;
  /** Bytes of JSON, counted in whole kilobytes. */
  storedBytesPerDay: number | null;
  /** Subscriptions of a user open at a time in this process. */
  streams: number | null;
  /** Places of a user for calls under way in this process, and as many for what these read; further ones wait. Default: as many as come. */
  callsAtOnce?: number | null;
  /** How long something waits for places, in milliseconds. Default: 20,000. */
  placeMs?: number | undefined;
  /** Told what begins to wait for places, and how that ends. Default: nobody is. */
  onWait?: ((of: WaitingFor) => ReturnType<OnWait>) | undefined;
}

/**
 * What waits for places: requests over HTTP, calls in them, and what these read of the ledger; and what has a place, and waits until
 * its user's share of the time allows it.
 */
export type WaitingFor = 'requests' | 'calls' | 'reads' | 'share';

/** Limits of calls: where one is spent, no call fits until its window ends. */
type CallLimit = Extract<LimitName, 'requests' | 'writes'>;

export interface RememberedLimits extends UserLimits {
  /** What any further call of this user would be told for now, without asking the store; `null`: it is not known to be refused. */
  refusal(name: CallLimit, userId: string): ExecutionError | null;
}

/** Users who were refused, kept for their window. */
const REFUSED = 5_000;
/** What a request takes of the one thread beside what it reads, and a stream with its first event of 200 rows, in milliseconds. */
const REQUEST_MS = 2;
const STREAM_MS = 8;
/** Bytes of a body that are read, checked, kept and handed on in a millisecond: an input of 750 KB takes some 150. */
const BYTES_A_MS = 5_000;
/** The most that a reading counts of how long it took, for each of its places, in milliseconds. */
const READING_MS_A_PLACE = 50;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Stores count with 32 bits. */
const KILOBYTE = 1_000;

/** Limits of what each user may ask for, counted in a store once their token is verified. */
export function createUserLimits(options: UserLimitOptions, store: RateStore): RememberedLimits {
  const limits = {
    requests: createLimit(store, 'requests', { most: options.requestsPerMinute, windowMs: MINUTE_MS, unit: 1 }),
    writes: createLimit(store, 'writes', { most: options.writesPerMinute, windowMs: MINUTE_MS, unit: 1 }),
    storedBytes: createLimit(store, 'storedBytes', {
      most: options.storedBytesPerDay,
      windowMs: DAY_MS,
      unit: KILOBYTE,
    }),
  };
  const { onWait, callsAtOnce: most = null } = options;
  const waitOf = (of: WaitingFor) => onWait && (() => onWait(of));
  const placesOf = (of: WaitingFor) => createPlaces(most, { longestWaitMs: options.placeMs, onWait: waitOf(of) });
  const places = {
    requests: placesOf('requests'),
    calls: placesOf('calls'),
    reads: placesOf('reads'),
  };
  const shares = createShares(waitOf('share'));
  const open = new Map<string, number>();
  const refused = new LRUCache<string, { reached: ReachedLimit; until: number }>({ max: REFUSED });
  return {
    async take(name, userId, amount = 1) {
      try {
        await limits[name](userId, amount);
      } catch (error) {
        const reached = isExecutionError(error) ? error.limit : null;
        if (reached?.retryAfterMs && name !== 'storedBytes')
          refused.set(`${name} ${userId}`, { reached, until: Date.now() + reached.retryAfterMs });
        throw error;
      }
    },
    refusal(name, userId) {
      const known = refused.get(`${name} ${userId}`);
      const retryAfterMs = (known?.until ?? 0) - Date.now();
      return known && retryAfterMs > 0 ? rateLimited({ ...known.reached, retryAfterMs }) : null;
    },
    inTurn(userId, { of, bytes = 0, ...asked }, work) {
      if (most === null || of === 'calls') return places[of](userId, asked, work);
      const { signal } = asked;
      const cost =
        of === 'requests'
          ? { ms: REQUEST_MS + bytes / BYTES_A_MS }
          : { mostMs: Math.min(asked.places, most) * READING_MS_A_PLACE };
      return places[of](userId, asked, () => shares.take(userId, { signal, ...cost }, work));
    },
    openStream(userId) {
      // Refusing one takes as long.
      shares.spend(userId, STREAM_MS);
      const count = open.get(userId) ?? 0;
      if (options.streams !== null && count >= options.streams)
        throw rateLimited({ name: 'streams', limit: options.streams, windowMs: null, retryAfterMs: null });
      open.set(userId, count + 1);
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        const left = (open.get(userId) ?? 1) - 1;
        if (left > 0) open.set(userId, left);
        else open.delete(userId);
      };
    },
  };
}

type Limit = (key: string, amount: number) => Promise<void>;

/** @param of.unit How much one point is. */
export function createLimit(
  store: RateStore,
  name: LimitName,
  { most, windowMs, unit }: { most: number | null; windowMs: number; unit: number },
): Limit {
  if (most === null) return async () => {};
  const take: TakePoints = store.open({ name, points: Math.floor(most / unit), windowMs, givesBack: unit > 1 });
  return async (key, amount) => {
    const retryAfterMs = await take(key, Math.ceil(amount / unit));
    if (retryAfterMs !== null) throw rateLimited({ name, limit: most, windowMs, retryAfterMs });
  };
}
