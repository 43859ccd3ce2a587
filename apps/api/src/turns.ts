/** Bodies from this size on take milliseconds of the one thread, in bytes. */
export const LARGE_BODY_BYTES = 16_000;

/** Resolves when it is one's turn to work for some milliseconds. */
export type Turn = () => Promise<void>;

/**
 * Lets the requests that wait go first between two pieces of long work, however much of it has come at once: each turn is
 * a round of the event loop of its own.
 */
export function createTurns(): Turn {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
    return last;
  };
}

/**
 * Lets each user begin one thing in a round of the event loop: what others sent goes between, however much of it came at once,
 * and however soon each is done. Answers when it may begin; `null`: now.
 */
export function createRounds(): (userId: string) => Promise<void> | null {
  const rounds = new Map<string, Promise<void>>();
  return (userId) => {
    const before = rounds.get(userId) ?? null;
    const over = Promise.resolve(before).then(() => new Promise<void>((resolve) => setImmediate(resolve)));
    rounds.set(userId, over);
    void over.then(() => {
      if (rounds.get(userId) === over) rounds.delete(userId);
    });
    return before;
  };
}
