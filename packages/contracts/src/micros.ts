/** Microseconds since the epoch of an ISO 8601 time; a `Date` would lose the last three digits. */
export function micros(time: string): number {
  const [, fraction = ''] = /\.(\d+)/.exec(time) ?? [];
  const whole = Date.parse(time.replace(/\.\d+/, ''));
  return whole * 1_000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}
