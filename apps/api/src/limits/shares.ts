import { LRUCache } from 'lru-cache';
import type { OnWait } from './places.ts';
import { givenUp } from './places.ts';

/** How much of the time a user may take on and on, of what is counted below, while others ask too. */
const SHARE = 1 / 5;
/** What a user may take before that, in milliseconds: pages that open, and whoever asks now and then, never rest. */
const AT_ONCE_MS = 500;
/** Longest rest before what is known to cost little, in milliseconds. */
const LONGEST_REST_MS = 250;
/** Others who asked that long ago do not ask any more, in milliseconds. */
const ASKING_MS = 1_000;
/** Users whose time is remembered. */
const USERS = 5_000;

/** What work costs: known before it is done, or counted. In milliseconds. */
type Asked = { signal: AbortSignal | undefined } & ({ ms: number } | { mostMs: number });

export interface Shares {
  /**
   * Runs a user's work once their share of the time allows it, and counts how long that took.
   * @param ms Counted in its place
   * @param mostMs The most that counts of how long it took: a slow database is nobody's doing
   * @throws ExecutionError `rate_limited` where its caller has gone before that
   */
  take<T>(userId: string, asked: Asked, work: () => Promise<T>): Promise<T>;
  /** Counts what a user's work takes beside that, in milliseconds. */
  spend(userId: string, ms: number): void;
}

/**
 * Gives each user a fifth of the time while others ask too, and all of it while nobody does: whoever reads without pause rests
 * between two readings. What was taken is a bucket that leaks (generic cell rate algorithm, ITU-T I.371).
 * @param onWait Told when somebody begins to rest
 */
export function createShares(onWait?: OnWait): Shares {
  /** When the share will have come up to what was taken. */
  const paidAt = new LRUCache<string, number>({ max: USERS });
  let latest = { userId: '', at: Number.NEGATIVE_INFINITY };
  /** The latest of somebody else. */
  let other = latest;

  function doOthersAsk(userId: string): boolean {
    const at = performance.now();
    if (latest.userId !== userId) other = latest;
    latest = { userId, at };
    return at - other.at < ASKING_MS;
  }

  async function rest(userId: string, longestMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (!doOthersAsk(userId)) return;
    const ms = (paidAt.get(userId) ?? 0) - performance.now() - AT_ONCE_MS / SHARE;
    if (ms <= 0) return;
    const rested = onWait?.();
    try {
      await pause(Math.min(ms, longestMs), signal);
      rested?.('began');
    } catch (error) {
      rested?.('gone');
      throw error;
    }
  }

  function spend(userId: string, ms: number): void {
    const now = performance.now();
    const paid = Math.max(paidAt.get(userId) ?? 0, now) + ms / SHARE;
    paidAt.set(userId, Math.min(paid, now + AT_ONCE_MS / SHARE + Math.max(LONGEST_REST_MS, ms / SHARE)));
  }

  return {
    spend,
    async take(userId, { signal, ...cost }, work) {
      // What may cost more is worth a longer rest.
      const mostMs = 'ms' in cost ? cost.ms : cost.mostMs;
      await rest(userId, Math.max(LONGEST_REST_MS, mostMs / SHARE), signal);
      const from = performance.now();
      if ('ms' in cost) spend(userId, cost.ms);
      try {
        return await work();
      } finally {
        if (!('ms' in cost)) spend(userId, Math.min(mostMs, performance.now() - from));
      }
    },
  };
}

/** By the timers that tests set forward, which those of `node:timers/promises` are not. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => [clearTimeout(timer), reject(givenUp())];
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    }, ms);
    if (signal?.aborted) return leave();
    signal?.addEventListener('abort', leave, { once: true });
  });
}
