import type { Cells, Fields } from './cells.ts';
import { add, bucketOf, cellsOf, fieldsOf, nameOf } from './cells.ts';
import type { Cell, Counted, Snapshot } from './snapshot.ts';

const hasHistograms = (name: { grain: string }) => name.grain !== 'life';

function addExecution(
  fields: Fields,
  { status, duration, queue, verdict, failure }: Counted,
  n: number,
  histograms: boolean,
) {
  add(fields, status, n);
  for (const [what, ms] of [
    ['duration', duration],
    ['queue', queue],
  ] as const) {
    if (ms === null) continue;
    add(fields, `${what} count`, n);
    add(fields, `${what} sum`, n * ms);
    if (histograms) add(fields, `${what} in ${bucketOf(ms)}`, n);
  }
  if (verdict !== null) add(fields, `verdict ${verdict}`, n);
  if (failure !== null) add(fields, `failure ${failure}`, n);
}

function addSums(fields: Fields, { statuses, duration, queue }: Cell, histograms: boolean) {
  for (const [status, n] of Object.entries(statuses)) add(fields, status, n);
  for (const [what, times] of [
    ['duration', duration],
    ['queue', queue],
  ] as const) {
    add(fields, `${what} count`, times.count);
    add(fields, `${what} sum`, times.sum);
    if (histograms)
      for (const [at, bucket] of (times.buckets ?? []).entries())
        add(fields, `${what} in ${bucket}`, times.counts?.[at] ?? 0);
  }
}

/** What the cells must hold: all rows there are, one by one, and what was pruned. The whole life has no histograms. */
export function recount({ rows, pruned, hoursFrom }: Snapshot): Cells {
  const cells: Cells = new Map();
  for (const row of rows)
    for (const cell of cellsOf(row, hoursFrom)) addExecution(fieldsOf(cells, cell.name), row, 1, hasHistograms(cell));
  for (const gone of pruned)
    for (const cell of cellsOf(gone, hoursFrom)) {
      const fields = fieldsOf(cells, cell.name);
      addSums(fields, gone, hasHistograms(cell));
      for (const [verdict, n] of Object.entries(gone.verdicts)) add(fields, `verdict ${verdict}`, n);
      for (const [failure, n] of Object.entries(gone.failures)) add(fields, `failure ${failure}`, n);
    }
  return cells;
}

/** What a reader gets: folded cells, and the deltas that are not folded yet. */
export function foldedAndTail({ cells: folded, labels, deltas, hoursFrom }: Snapshot): Cells {
  const cells: Cells = new Map();
  const isKept = ({ grain, hour }: { grain: string; hour: number | null }) =>
    grain !== 'hour' || (hour ?? 0) >= hoursFrom;
  for (const cell of folded.filter(isKept)) addSums(fieldsOf(cells, nameOf(cell)), cell, true);
  for (const label of labels.filter(isKept))
    add(fieldsOf(cells, nameOf(label)), `${label.kind} ${label.label}`, label.executions);
  for (const { left, came, ...where } of deltas)
    for (const cell of cellsOf(where, hoursFrom)) {
      const fields = fieldsOf(cells, cell.name);
      if (left) addExecution(fields, left, -1, hasHistograms(cell));
      if (came) addExecution(fields, came, 1, hasHistograms(cell));
    }
  return cells;
}
