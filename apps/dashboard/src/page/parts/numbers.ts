import { formatDuration } from '@runledger/contracts/format-duration';

/** 91.2 %, 100 %; `–` of nothing. Nearly all is not all. @param value In percent. */
export function percent(value: number | null): string {
  if (value === null) return '–';
  return `${value === 100 || value === 0 ? value : Math.min(99.9, Math.max(0.1, Number(value.toFixed(1))))} %`;
}

/** +2.1 points, −6.1 points. @param change In percentage points. */
export function points(change: number | null): string {
  if (change === null) return '';
  const value = Number(Math.abs(change).toFixed(1));
  return value === 0 ? '±0' : `${change < 0 ? '−' : '+'}${value} points`;
}

export function signed(count: number | null): string {
  if (count === null) return '';
  return count === 0 ? '±0' : `${count < 0 ? '−' : '+'}${Math.abs(count).toLocaleString('en-US')}`;
}

/** +2.6 s, −40 ms. @param ms Milliseconds. */
export function durationChange(ms: number | null): string {
  if (ms === null) return '';
  return Math.abs(ms) < 1 ? '±0' : `${ms < 0 ? '−' : '+'}${formatDuration(Math.abs(ms))}`;
}

export const duration = (ms: number | null): string => (ms === null ? '–' : formatDuration(ms));

/** Fewer are no distribution: no percentile is told of them. */
export const LEAST_FOR_PERCENTILES = 20;
