import { LARGE_BYTES } from './facts/limits.ts';

/** About what a step takes, in bytes a millisecond (two megabytes: 20 ms on two cores of an EPYC). */
const BYTES_A_MS = 100_000;
const LONGEST_MS = 25;

/**
 * Lets what else waits go first, between two steps of work on something large, for about as long as a step took: what others ask
 * needs several rounds of the event loop, and would wait for a step in each. At once for what is not large.
 */
export function breathe(bytes: number): Promise<void> {
  if (bytes < LARGE_BYTES) return Promise.resolve();
  return new Promise((resolve) => setTimeout(resolve, Math.min(bytes / BYTES_A_MS, LONGEST_MS)));
}
