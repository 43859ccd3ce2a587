import type { LimitName } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';

export interface FairTurnsOptions {
  /** What is refused where too much waits already. */
  name: LimitName;
  /** Most that is under way at a time. */
  atOnce: number;
  /** Most that waits per key, and in all. */
  waitingPerKey: number;
  waitingInAll: number;
}

/** Runs work when its turn comes. @throws ExecutionError `rate_limited` where too much of the key's waits already */
export type TakeTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** What a refused caller is told to wait, in milliseconds: work is bounded to about as much. */
const RETRY_AFTER_MS = 1_000;

/** Runs one piece of work per key at a time; keys that wait take turns, however much each of them has waiting. */
export function createFairTurns({ name, atOnce, waitingPerKey, waitingInAll }: FairTurnsOptions): TakeTurn {
  // In the order of their turns: a key that had one goes to the end.
  const waiting = new Map<string, (() => void)[]>();
  const underWay = new Set<string>();
  let inAll = 0;

  function next(): void {
    if (underWay.size >= atOnce) return;
    for (const [key, starts] of waiting) {
      if (underWay.has(key)) continue;
      const start = starts.shift() as () => void;
      inAll -= 1;
      waiting.delete(key);
      if (starts.length > 0) waiting.set(key, starts);
      underWay.add(key);
      start();
      return;
    }
  }

  return async (key, work) => {
    const starts = waiting.get(key) ?? [];
    if (starts.length >= waitingPerKey) throw tooMuch(name, waitingPerKey, 'of yours wait');
    if (inAll >= waitingInAll) throw tooMuch(name, waitingInAll, 'wait');
    await new Promise<void>((start) => {
      starts.push(start);
      waiting.set(key, starts);
      inAll += 1;
      next();
    });
    try {
      return await work();
    } finally {
      underWay.delete(key);
      next();
    }
  };
}

function tooMuch(name: LimitName, limit: number, who: string): ExecutionError {
  return new ExecutionError('rate_limited', `${limit} checks ${who} already; try again in a second.`, {
    limit: { name, limit, windowMs: null, retryAfterMs: RETRY_AFTER_MS },
  });
}
