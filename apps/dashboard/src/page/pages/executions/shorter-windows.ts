import type { ExecutionFilter } from '@runledger/contracts/filter';
import { windowOf } from '@runledger/contracts/filter-window';

const HOUR_MS = 3_600_000;

const WINDOWS = [
  { from: '-30d', label: 'Last 30 days', hours: 720 },
  { from: '-7d', label: 'Last 7 days', hours: 168 },
  { from: '-24h', label: 'Last 24 hours', hours: 24 },
  { from: '-1h', label: 'Last hour', hours: 1 },
];

/** Pure: the usual windows that are shorter than that of a filter. @param now Milliseconds since 1970. */
export function shorterWindows({ from, to }: ExecutionFilter, now: number): { from: string; label: string }[] {
  if (from === undefined) return WINDOWS;
  const read = windowOf({ from, ...(to ? { to } : {}) }, now);
  const length = (read.to ? Date.parse(read.to) : now) - Date.parse(read.from ?? '');
  return WINDOWS.filter(({ hours }) => hours * HOUR_MS < length);
}
