import type { ExecutionFilter } from './filter.ts';

/** An instant that depends on when it is asked for: `-90s`, `-30m`, `-24h`, `-7d`, `-4w` before now. */
export const RELATIVE_INSTANT = /^-(\d{1,5})([smhdw])$/;
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** The parts of a filter that are instants. */
export const FILTER_INSTANTS = ['from', 'to', 'endedFrom', 'endedTo'] as const satisfies (keyof ExecutionFilter)[];

/** The instants that a filter came to, in ISO 8601: what relative ones were when it was asked. */
export type FilterWindow = Partial<Record<(typeof FILTER_INSTANTS)[number], string>>;

/** @param now Milliseconds since 1970. @returns in ISO 8601, never before 1970; what is not relative as it was */
export function resolveInstant(text: string, now: number): string {
  const [, count, unit] = RELATIVE_INSTANT.exec(text) ?? [];
  if (count === undefined) return text;
  return new Date(Math.max(0, now - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS])).toISOString();
}

/** The filter with each relative instant as it is now, by one clock for all of them. @param now Milliseconds since 1970. */
export function resolveFilter<F extends ExecutionFilter>(filter: F, now: number): F {
  return { ...filter, ...windowOf(filter, now) };
}

/** What the instants of a filter are now. @param now Milliseconds since 1970. */
export function windowOf(filter: ExecutionFilter, now: number): FilterWindow {
  return Object.fromEntries(
    FILTER_INSTANTS.flatMap((key) => (filter[key] === undefined ? [] : [[key, resolveInstant(filter[key], now)]])),
  );
}
