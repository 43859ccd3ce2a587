import type { SqlDatabase } from '@runledger/local-stack';
import type { Cells } from './cells.ts';
import { readExtremes, recountExtremes } from './extremes.ts';
import { foldedAndTail, recount } from './recount.ts';
import type { Snapshot } from './snapshot.ts';
import { readSnapshot } from './snapshot.ts';

/** A number of a cell that is not what the rows add up to. */
export interface Difference {
  user: string;
  workflow: string;
  grain: string;
  /** Empty for the whole life. */
  startsAt: string;
  field: string;
  counted: number;
  recounted: number;
}

export interface Check {
  differences: Difference[];
  /** How many numbers verify_execution_stats objects to in the same snapshot; null if it was not asked. */
  verifyDifferences: number | null;
  /** Numbers that were compared. */
  fields: number;
  rows: number;
  pruned: number;
  cells: number;
  /** Deltas that were not folded yet. */
  tail: number;
}

function difference(cell: string, field: string, counted: number, recounted: number): Difference {
  const [user = '', workflow = '', grain = '', hour = ''] = cell.split('\t');
  const startsAt = hour === '' ? '' : new Date(Number(hour) * 3_600_000).toISOString();
  return { user, workflow, grain, startsAt, field, counted, recounted };
}

function compareCells(counted: Cells, recounted: Cells): { fields: number; differences: Difference[] } {
  const differences: Difference[] = [];
  let fields = 0;
  for (const cell of new Set([...counted.keys(), ...recounted.keys()])) {
    const [ours, truth] = [counted.get(cell), recounted.get(cell)];
    for (const field of new Set([...(ours?.keys() ?? []), ...(truth?.keys() ?? [])])) {
      const [a, b] = [ours?.get(field) ?? 0, truth?.get(field) ?? 0];
      fields += 1;
      if (a !== b) differences.push(difference(cell, field, a, b));
    }
  }
  return { fields, differences };
}

function compareExtremes(snapshot: Snapshot): { fields: number; differences: Difference[] } {
  const [counted, recounted] = [readExtremes(snapshot), recountExtremes(snapshot)];
  const differences: Difference[] = [];
  let fields = 0;
  for (const [name, ours] of counted) {
    if (ours.mayHaveLeft) continue;
    const truth = recounted.get(name);
    for (const [field, nothing] of [
      ['min', Number.POSITIVE_INFINITY],
      ['max', Number.NEGATIVE_INFINITY],
    ] as const) {
      const b = truth?.[field] ?? nothing;
      fields += 1;
      const cut = name.lastIndexOf('\t');
      if (ours[field] !== b)
        differences.push(difference(name.slice(0, cut), `${name.slice(cut + 1)} ${field}`, ours[field], b));
    }
  }
  return { fields, differences };
}

/** Compares every number of every cell with the rows, in one snapshot. */
function compareSnapshot(snapshot: Snapshot): Check {
  const sums = compareCells(foldedAndTail(snapshot), recount(snapshot));
  const extremes = compareExtremes(snapshot);
  return {
    differences: [...sums.differences, ...extremes.differences],
    verifyDifferences: snapshot.verified?.length ?? null,
    fields: sums.fields + extremes.fields,
    rows: snapshot.rows.length,
    pruned: snapshot.pruned.length,
    cells: snapshot.cells.length,
    tail: snapshot.deltas.length,
  };
}

/** With verify_execution_stats on the same snapshot unless told otherwise: it takes twice as long as the rest. */
export const checkCounting = async (db: SqlDatabase, options: { verify?: boolean } = {}): Promise<Check> =>
  compareSnapshot(await readSnapshot(db, options));
