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
