/** What a clock on the wall of a zone shows, as fields for a day and a time have it: `2026-11-30T10:00`. */

const DAY_MS = 86_400_000;

/** @param at Milliseconds since 1970. */
export function shownAt(at: number, timeZone: string): string {
  // Swedes write it as fields do.
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at);
  return text.replace(' ', 'T');
}

/**
 * When it shows so, in milliseconds since 1970. Of an hour that comes twice it is the first; one that is left out, as clocks go forward,
 * is what it would have been.
 */
export function instantShowing(shown: string, timeZone: string): number {
  const wall = Date.parse(`${shown}Z`);
  // How far it is ahead of UTC, a day before and a day after: clocks change once meanwhile, if at all.
  const [before, after] = [wall - DAY_MS, wall + DAY_MS].map(
    (at) => wall - (Date.parse(`${shownAt(at, timeZone)}Z`) - at),
  ) as [number, number];
  return shownAt(before, timeZone) !== shown && shownAt(after, timeZone) === shown ? after : before;
}
