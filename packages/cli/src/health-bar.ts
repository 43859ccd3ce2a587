import type { Health, Proof } from '@runledger/contracts';
import { HEALTHS } from '@runledger/contracts';
import type { Colors } from '@runledger/host/colors';

const PAINTS = {
  live: 'green',
  late: 'yellow',
  wedged: 'red',
  cancelling: 'yellow',
  lost: 'red',
} as const satisfies Record<Health, keyof Colors>;

export const healthPaint = (health: Health, colors: Colors): ((text: string) => string) => colors[PAINTS[health]];

/** Pure: the columns of a bar that each gets, by its share; one at least where there are any. */
export function barColumns(counts: readonly number[], columns: number): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const widths = counts.map((count) => (count === 0 ? 0 : Math.max(1, Math.floor((count / all) * columns))));
  // What rounding has left over, or taken too much, is the largest’s.
  const largest = widths.indexOf(Math.max(...widths));
  const rest = columns - widths.reduce((sum, width) => sum + width, 0);
  return widths.map((width, at) => (at === largest ? Math.max(1, width + rest) : width));
}

/** All that are open as one bar. It says by colours only what the lines below it say in words; without colours there is none. */
export function healthBar({ health, unchecked }: Pick<Proof, 'health' | 'unchecked'>, colors: Colors, columns: number) {
  if (!colors.isColorSupported || columns < 10) return '';
  const counts = [...HEALTHS.map((name) => health[name] ?? 0), unchecked];
  if (counts.every((count) => count === 0)) return '';
  const paints = [...HEALTHS.map((name) => healthPaint(name, colors)), colors.dim];
  return barColumns(counts, columns)
    .map((width, at) => (width === 0 ? '' : (paints[at] as (text: string) => string)('▇'.repeat(width))))
    .join('');
}
