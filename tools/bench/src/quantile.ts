/** Pure: the value that the share `q` of the values does not exceed (nearest rank); NaN of none. */
export function quantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

/** Of fewer values a percentile is only one of them. */
const SMALLEST_SAMPLE = 20;

/** Pure: the same, of measured values: NaN of fewer than 20, so that it is not printed as what it is not. */
export function percentile(values: number[], q: number): number {
  return values.length < SMALLEST_SAMPLE ? Number.NaN : quantile(values, q);
}
