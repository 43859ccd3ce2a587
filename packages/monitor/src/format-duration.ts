const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** `2 h 5 min`, `41 s`, `300 ms`: the two largest units, for people. */
export function formatDuration(ms: number): string {
  const rounded = Math.max(0, Math.round(ms));
  const at = UNITS.findIndex(([, size]) => rounded >= size);
  if (at === -1) return `${rounded} ms`;
  const [unit, size] = UNITS[at] as (typeof UNITS)[number];
  const next = UNITS[at + 1];
  const rest = next ? Math.floor((rounded % size) / next[1]) : 0;
  return `${Math.floor(rounded / size)} ${unit}${next && rest > 0 ? ` ${rest} ${next[0]}` : ''}`;
}
