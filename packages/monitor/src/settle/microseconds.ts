/** An ISO 8601 time in microseconds since 1970, which is what Postgres and Temporal's visibility keep; a `Date` drops them. */
export function microseconds(time: string): number {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? '';
  const whole = Date.parse(time.replace(/\.\d+/, ''));
  return whole * 1_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
