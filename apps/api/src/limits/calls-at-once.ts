/** Runs a call when its user has a place for it. */
export type InTurn = <T>(userId: string, call: () => Promise<T>) => Promise<T>;

interface Calls {
  underWay: number;
  /** Each begins one that waits, in the order in which they came. */
  waiting: (() => void)[];
}

/**
 * Lets each user have `most` calls under way; further ones of theirs wait, in their order. Whoever sends a thousand at once
 * has others wait for as many of them as are under way, not for all. How many wait is bounded by the requests of a minute.
 * @param most `null`: as many as come
 */
export function createCallsAtOnce(most: number | null): InTurn {
  const users = new Map<string, Calls>();
  return async (userId, call) => {
    if (most === null) return call();
    const calls = users.get(userId) ?? { underWay: 0, waiting: [] };
    users.set(userId, calls);
    // Who is let in by one that ends takes its place: nobody who comes meanwhile does.
    if (calls.underWay >= most) await new Promise<void>((begin) => calls.waiting.push(begin));
    else calls.underWay += 1;
    try {
      return await call();
    } finally {
      const begin = calls.waiting.shift();
      if (begin) begin();
      else calls.underWay -= 1;
      if (calls.underWay === 0) users.delete(userId);
    }
  };
}
