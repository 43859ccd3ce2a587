/** Of fewer ends 95 of 100, or 99 of 100, are only one or two of them: from so many on that part of a `SourceLag` is told. */
export const SMALLEST_SAMPLES = { p50Ms: 20, p95Ms: 20, p99Ms: 100 } as const;

/** Of `Proof.feedMissRate`: where nothing throttles the hints, they announce more than 99 of 100 ends. */
export const USUAL_MISS_RATE = 0.01;
