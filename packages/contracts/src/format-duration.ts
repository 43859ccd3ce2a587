/** Units from the smallest, each with how many of it make the next. */
const UNITS = [
  ['ms', 1_000],
  ['s', 60],
  ['min', 60],
  ['h', 24],
  ['d', Number.POSITIVE_INFINITY],
] as const;

/** `4.6 s`, `120 ms`, `2.1 h`, `365 d`: a duration for people, in two significant digits and whole days. Milliseconds. */
export function formatDuration(ms: number): string {
  let value = Math.max(0, ms);
  for (const [unit, size] of UNITS) {
    // Rounded first: 59.7 s is 1 min, not 60 s.
    const rounded = value >= 100 && unit === 'd' ? Math.round(value) : Number(value.toPrecision(2));
    if (rounded < size) return `${rounded} ${unit}`;
    value = Math.max(1, value / size);
  }
  return 'for ever';
}
