/**
 * Changes that a fold should find: it writes up to nine cells for what it counts, as many for one change as for hundreds in
 * the same hour. A read adds those that wait, a microsecond each.
 */
const ENOUGH = 1_000;
const SHORTEST_MS = 1_000;
const LONGEST_MS = 20_000;

/** Milliseconds until the next fold, after one that `folded` changes of the last `waitedMs`. */
export function pauseAfterFold(folded: number, waitedMs: number): number {
  const untilEnough = (Math.max(waitedMs, SHORTEST_MS) * ENOUGH) / Math.max(folded, 1);
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Math.round(untilEnough)));
}
