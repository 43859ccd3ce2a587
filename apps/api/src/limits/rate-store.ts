import { createHash } from 'node:crypto';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** `points` in each window, which begins with a key's first call. */
export interface Rate {
  name: string;
  points: number;
  windowMs: number;
  /** What is refused is given back: amounts differ, and a large one that does not fit leaves room for a small one. */
  givesBack: boolean;
}

/** Takes points of a key: `null` where there were enough, otherwise the milliseconds until there are more. */
export type TakePoints = (key: string, points: number) => Promise<number | null>;

/** Where the points of all keys are kept. */
export interface RateStore {
  open(rate: Rate): TakePoints;
  close(): Promise<void>;
}

/** For one process. What a key took is forgotten with its window. */
export function createMemoryStore(): RateStore {
  return { open: (rate) => takeFrom(new RateLimiterMemory(limiterOptions(rate)), rate), close: async () => {} };
}

const limiterOptions = ({ name, points, windowMs }: Rate) => ({
  keyPrefix: name,
  points,
  duration: windowMs / 1_000,
});

/** Of a limiter in a store of its own: whoever has no points left does not cost the store anything. */
export const storedLimiterOptions = (rate: Rate) => ({
  ...limiterOptions(rate),
  ...(rate.givesBack ? {} : { inMemoryBlockOnConsumed: rate.points + 1 }),
});

export function takeFrom(
  limiter: Pick<RateLimiterAbstract, 'consume' | 'reward'>,
  { givesBack }: Pick<Rate, 'givesBack'>,
): TakePoints {
  return async (key, points) => {
    // Of one length, however long an id is, and nobody's name in a store.
    const hashed = createHash('sha256').update(key).digest('base64url');
    try {
      await limiter.consume(hashed, points);
      return null;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      if (givesBack) await limiter.reward(hashed, points);
      return Math.max(refusal.msBeforeNext, 1);
    }
  };
}
