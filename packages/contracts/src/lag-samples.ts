/** The smallest number of ends that each percentile of a `SourceLag` is told of: in fewer it is only one or two of them. */
export const SMALLEST_SAMPLES = { p50Ms: 20, p95Ms: 20, p99Ms: 100 } as const;

/** Where nothing keeps the hints from reading, they announce more than 99 of 100 ends. */
const MISSED = 0.01;

/** Sources that announce ends; whatever else records them has found them. */
const HINTS = ['watch', 'feed'];

interface Lags {
  recorded: Record<string, { count: number; p95Ms: number }>;
  periodMs: number;
  periodReachedMs: number | null;
}

/**
 * Pure: the most of `Proof.feedMissRate` that is as it should be. A hint takes a moment, and in the one check of each period an
 * execution may be looked at just then: that is as likely as the moment is long beside the period.
 */
export function usualMissRate({ recorded, periodMs, periodReachedMs }: Lags): number {
  const hints = HINTS.flatMap((source) => recorded[source] ?? []);
  const slowest = Math.max(0, ...hints.map(({ p95Ms }) => p95Ms));
  return MISSED + slowest / Math.max(1, periodReachedMs ?? periodMs);
}
