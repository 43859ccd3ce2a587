import { cellsOf, nameOf } from './cells.ts';
import type { Snapshot } from './snapshot.ts';

/** Smallest and largest of what came; whether something left that may have been either. */
interface Extremes {
  min: number;
  max: number;
  mayHaveLeft: boolean;
}

type ExtremesByField = Map<string, Extremes>;

const KINDS = ['duration', 'queue'] as const;

function at(all: ExtremesByField, cell: string, kind: string): Extremes {
  const name = `${cell}\t${kind}`;
  let extremes = all.get(name);
  if (!extremes) {
    extremes = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, mayHaveLeft: false };
    all.set(name, extremes);
  }
  return extremes;
}

function widen(extremes: Extremes, low: number | null, high: number | null = low) {
  if (low !== null) extremes.min = Math.min(extremes.min, low);
  if (high !== null) extremes.max = Math.max(extremes.max, high);
}

/** Of all rows, and of what was pruned. */
export function recountExtremes({ rows, pruned, hoursFrom }: Snapshot): ExtremesByField {
  const all: ExtremesByField = new Map();
  for (const row of rows)
    for (const { name } of cellsOf(row, hoursFrom)) for (const kind of KINDS) widen(at(all, name, kind), row[kind]);
  for (const gone of pruned)
    for (const { name } of cellsOf(gone, hoursFrom))
      for (const kind of KINDS) widen(at(all, name, kind), gone[kind].min, gone[kind].max);
  return all;
}

/** Of folded cells and tail; where a cell says that it is stale, or the tail takes something away, it is an estimate. */
export function readExtremes({ cells, deltas, hoursFrom }: Snapshot): ExtremesByField {
  const all: ExtremesByField = new Map();
  for (const cell of cells) {
    if (cell.grain === 'hour' && (cell.hour ?? 0) < hoursFrom) continue;
    for (const kind of KINDS) {
      const extremes = at(all, nameOf(cell), kind);
      widen(extremes, cell[kind].min, cell[kind].max);
      extremes.mayHaveLeft ||= cell.isStale;
    }
  }
  for (const { left, came, ...where } of deltas)
    for (const { name } of cellsOf(where, hoursFrom))
      for (const kind of KINDS) {
        const [before, after] = [left?.[kind] ?? null, came?.[kind] ?? null];
        if (before === after) continue;
        const extremes = at(all, name, kind);
        widen(extremes, after);
        extremes.mayHaveLeft ||= before !== null;
      }
  return all;
}
