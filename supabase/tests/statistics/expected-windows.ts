import type { SqlDatabase } from '@runledger/local-stack';
import { expect } from 'vitest';
import type { Span } from './naive-statistics.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ms = (time: string | null) => Date.parse(time as string);

/** The window of the same length that ends where this one begins. */
export function asWideBefore({ from, to }: Span): Span {
  return { from: new Date(2 * ms(from) - ms(to)).toISOString(), to: from };
}

/** What is counted is the window that was asked for, widened to whole hours, or to UTC days where no hours are kept. */
export function expectWindow(asked: Span, given: Span, hoursFrom: number): void {
  const widen = (at: number, round: (n: number) => number): number => {
    const hour = round(at / HOUR) * HOUR;
    return hour < hoursFrom ? round(hour / DAY) * DAY : hour;
  };
  expect([ms(given.from), ms(given.to)]).toEqual([widen(ms(asked.from), Math.floor), widen(ms(asked.to), Math.ceil)]);
}

interface Point {
  starts_at: string;
  ends_at: string;
  is_rounded: boolean;
}

/** Days go from midnight to midnight of the zone; where that is off what cells there are, to the nearest, and marked. */
export async function expectDays(
  db: SqlDatabase,
  { asked, zone, hoursFrom }: { asked: Span; zone: string; hoursFrom: number },
  points: Point[],
): Promise<void> {
  const midnights = await db.query<{ at: string }>(
    `select (d::date)::timestamp at time zone $3 as at
       from generate_series(($1::timestamptz at time zone $3)::date, (($2::timestamptz - interval '1 microsecond') at time zone $3)::date + 1, '1 day') d`,
    [asked.from, asked.to, zone],
  );
  const edges = midnights.map(({ at }) => ms(at));
  expect(points.length).toBe(edges.length - 1);
  const grain = (at: number) => (at < hoursFrom ? DAY : HOUR);
  for (const [n, { starts_at, ends_at, is_rounded }] of points.entries()) {
    const [start, end] = [edges[n] as number, edges[n + 1] as number];
    expect(is_rounded).toBe(start % grain(start) !== 0 || end % grain(end) !== 0);
    for (const [given, exact] of [
      [ms(starts_at), start],
      [ms(ends_at), end],
    ] as const)
      expect(Math.abs(given - exact)).toBeLessThanOrEqual(exact % grain(exact) === 0 ? 0 : grain(exact) / 2);
    if (n > 0) expect(starts_at).toBe(points[n - 1]?.ends_at);
  }
}
