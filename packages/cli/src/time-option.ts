import { InvalidArgumentError } from 'commander';

export const DAY_MS = 86_400_000;
const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: DAY_MS };

/** The time `ms` milliseconds ago, in ISO 8601. */
export function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

/** `90m`, `12h`, `7d` in milliseconds; `null` for anything else. */
function spanMs(text: string): number | null {
  const span = /^(\d{1,6})([mhd])$/.exec(text);
  return span ? Number(span[1]) * (UNITS[span[2] ?? ''] ?? 0) : null;
}

/** A time, or so long ago, in ISO 8601. @throws InvalidArgumentError */
export function parseTime(text: string): string {
  const span = spanMs(text);
  if (span !== null) return ago(span);
  if (Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('It is neither a time nor something like 12h or 7d.');
  return new Date(text).toISOString();
}

/** A length of time in milliseconds, more than none. @throws InvalidArgumentError */
export function parseSpan(text: string): number {
  const span = spanMs(text);
  if (!span) throw new InvalidArgumentError('It is nothing like 12h or 30d.');
  return span;
}
