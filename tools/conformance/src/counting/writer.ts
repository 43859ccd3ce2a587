import { setTimeout as pause } from 'node:timers/promises';
import type { SqlDatabase, SqlSession } from '@runledger/local-stack';
import type { Draw } from '../draw.ts';
import { drawDeed } from './deeds/deeds.ts';
import type { Tally } from './tally.ts';
import { count, countError, isOutage } from './tally.ts';

export interface Work {
  db: SqlDatabase;
  draw: Draw;
  tally: Tally;
  /** Ends it, after the transaction that is open. */
  until: AbortSignal;
}

/** A few deeds, some of them undone by a savepoint, some kept waiting; then a commit or a roll-back. */
async function transact(db: SqlSession, draw: Draw): Promise<Record<string, number> | undefined> {
  const changed: Record<string, number> = {};
  for (let left = draw.pick([1, 1, 1, 2, 5]); left > 0; left--) {
    const deed = drawDeed(draw);
    const undo = draw.integer(1, 20) === 1;
    if (undo) await db.query('savepoint before_deed');
    const rows = await deed.act(db, draw);
    if (undo) await db.query('rollback to before_deed');
    else count(changed, deed.name, rows);
  }
  // Transactions overlap: what began early commits late.
  if (draw.integer(1, 15) === 1) await pause(draw.integer(5, 300));
  if (draw.integer(1, 8) > 1) return changed;
  await db.query('rollback');
  return undefined;
}

/** Changes executions in every way there is, through crashes, until it is told to stop. */
export async function write({ db, draw, tally, until }: Work): Promise<void> {
  while (!until.aborted) {
    try {
      const changed = await db.transaction((session) => transact(session, draw));
      if (!changed) tally.rolledBack += 1;
      else {
        tally.committed += 1;
        for (const [deed, rows] of Object.entries(changed)) count(tally.changedRows, deed, rows);
      }
      await pause(draw.integer(0, 12));
    } catch (error) {
      countError(tally, error);
      if (isOutage(error)) await pause(30);
    }
  }
}

/** Folds now and then, few deltas or many; in between it rebuilds counters that are right and must stay as they are. */
export async function fold({ db, draw, tally, until }: Work): Promise<void> {
  while (!until.aborted) {
    await pause(draw.integer(200, 1_000));
    try {
      const limit = draw.pick([3, 60, 60, 1_000, 20_000]);
      const [row] = await db.query<{ n: number }>('select runledger.fold_execution_stats($1) as n', [limit]);
      tally.folded += Math.max(0, row?.n ?? 0);
      if (draw.integer(1, 15) > 1) continue;
      const [rebuilt] = await db.query<{ n: number }>('select runledger.rebuild_execution_stats() as n');
      if (rebuilt?.n !== 0) tally.unexpected.push(`rebuild_execution_stats changed ${rebuilt?.n} numbers`);
    } catch (error) {
      countError(tally, error);
    }
  }
}
