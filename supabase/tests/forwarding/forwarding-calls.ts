import type { SqlSession } from '@runledger/local-stack';

export interface ComparisonAnswer {
  rows: number;
  same: number;
  differences: { what: string; rows: number; example: string; theirs: string | null; ours: string | null }[];
  after: string | null;
  done: boolean;
}

const TABLE = 'public.workflow_runs';

export const forward = (db: SqlSession, limit = 500) =>
  db
    .query<{ a: Record<'rows' | 'taken' | 'changed' | 'deleted' | 'refused' | 'left', number> }>(
      `select runledger.forward_changes('${TABLE}', $1) as a`,
      [limit],
    )
    .then(([row]) => row?.a as NonNullable<typeof row>['a']);

export const giveBack = (db: SqlSession, limit = 500) =>
  db
    .query<{ a: Record<'rows' | 'written' | 'deleted' | 'refused' | 'left', number> }>(
      `select runledger.return_changes('${TABLE}', $1) as a`,
      [limit],
    )
    .then(([row]) => row?.a as NonNullable<typeof row>['a']);

/** All parts of a comparison, added up. */
export async function compare(
  db: SqlSession,
  options: object | null = null,
): Promise<Omit<ComparisonAnswer, 'after' | 'done'>> {
  const sum = { rows: 0, same: 0, differences: [] as ComparisonAnswer['differences'] };
  let after: string | null = null;
  for (;;) {
    const [row] = await db.query<{ a: ComparisonAnswer }>(
      `select runledger.compare_import('${TABLE}', $1::jsonb, $2, 250) as a`,
      [options === null ? null : JSON.stringify(options), after],
    );
    const part = row?.a as ComparisonAnswer;
    sum.rows += part.rows;
    sum.same += part.same;
    sum.differences.push(...part.differences);
    if (part.done) return sum;
    after = part.after;
  }
}

/** Runs `step` again and again until it is told to stop, and then until nothing is left, at once or later. */
export async function drain(
  db: SqlSession,
  step: (db: SqlSession) => Promise<unknown>,
  stop: { now: boolean },
): Promise<void> {
  while (!stop.now) await step(db);
  const isExecution = step === giveBack;
  for (;;) {
    await step(db);
    const [row] = await db.query<{ n: number }>(
      'select count(*)::int as n from runledger.forwarded_rows where (execution_id is not null) = $1',
      [isExecution],
    );
    if (row?.n === 0) return;
    await new Promise((next) => setTimeout(next, 50));
  }
}
