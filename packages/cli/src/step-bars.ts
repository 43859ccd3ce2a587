import type { Step } from '@runledger/contracts';
import { stepSpans } from '@runledger/contracts/step-spans';

/** Steps along time, one line each: `▇` the last attempt, `░` what came before it, `◆` what takes no time. */
export interface BarScale {
  fromMs: number;
  toMs: number;
  columns: number;
}

const MARKS = { queue: '░', earlier: '░', last: '▇', mark: '◆' } as const;

/** Pure: a step as a bar as wide as all of the time. Whatever happened takes a column at least. */
export function stepBar(step: Step, { fromMs, toMs, columns }: BarScale): string {
  const place = (ms: number) => {
    const share = toMs > fromMs ? (ms - fromMs) / (toMs - fromMs) : 0;
    return Math.max(0, Math.min(columns, Math.round(share * columns)));
  };
  const cells = Array<string>(columns).fill(' ');
  for (const { kind, fromMs: from, toMs: to } of stepSpans(step, toMs)) {
    const first = Math.min(columns - 1, place(from));
    cells.fill(MARKS[kind], first, Math.max(first + 1, place(to)));
  }
  return cells.join('');
}
