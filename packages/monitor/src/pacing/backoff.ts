export interface Backoff {
  /** How long to wait before the next try, in milliseconds: doubles each time, with jitter, up to the cap. */
  next(): number;
  /** To be called when a try went well. */
  reset(): void;
}

/** Full jitter between half and all of the interval, so that what failed together does not return together. */
export function createBackoff({ firstMs = 200, maxMs = 5_000 } = {}): Backoff {
  let interval = firstMs;
  return {
    next() {
      const current = interval;
      interval = Math.min(interval * 2, maxMs);
      return current * (0.5 + Math.random() / 2);
    },
    reset() {
      interval = firstMs;
    },
  };
}
