/** Checks a second where little is open: what an outage left behind is then soon looked at. */
const AT_LEAST = 50;
/** What a page takes to be read and saved is made good by the others. */
const RESERVE = 1.25;
/** A check that takes a lane so long, in milliseconds, still keeps the rate. */
const PATIENCE_MS = 200;
const LANES = { least: 10, most: 50 };

export interface ReconcilePace {
  /** Checks a second. */
  perSecond: number;
  /** Checks at once. */
  lanes: number;
  /** How long until an execution that was checked is due again, in milliseconds. */
  nextCheckInMs: number;
}

/**
 * Pure: how fast `open` executions are to be checked so that each has its turn within the period, at most `maxPerSecond`. Where
 * that is too slow the period grows. A check is due two looks early, so that the period holds: one until it is looked for, one
 * for the pass that gets to it.
 */
export function reconcilePace(
  open: number,
  options: { periodMs: number; lookMs: number; maxPerSecond: number },
): ReconcilePace {
  const { periodMs, lookMs, maxPerSecond } = options;
  const nextCheckInMs = Math.max(Math.max(periodMs, (open / maxPerSecond) * 1_000) - 2 * lookMs, 100);
  const wanted = Math.ceil((open / (nextCheckInMs / 1_000)) * RESERVE);
  const perSecond = Math.min(maxPerSecond, Math.max(AT_LEAST, wanted));
  const lanes = Math.min(LANES.most, Math.max(LANES.least, Math.ceil((perSecond * PATIENCE_MS) / 1_000)));
  return { perSecond, lanes, nextCheckInMs };
}
