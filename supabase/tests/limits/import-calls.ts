import type { SqlSession } from '@runledger/local-stack';

export interface ImportAnswer {
  source: string;
  pass?: number;
  done: boolean;
  total?: number;
  after: string | null;
  rows: number;
  taken: number;
  known: number;
  refused: number;
  groups: {
    status: string | null;
    result: 'taken' | 'known' | 'refused';
    reason: string | null;
    rows: number;
    example: string;
    detail: string | null;
  }[];
}

interface ImportCall {
  source?: string | null;
  options?: object;
  pass?: number;
  limit?: number;
  dryRun?: boolean;
  after?: string | null;
}

/** One batch. */
export async function importBatch(db: SqlSession, call: ImportCall = {}): Promise<ImportAnswer> {
  const { source = null, options = {}, pass = null, limit = 500, dryRun = false, after = null } = call;
  const [row] = await db.query<{ answer: ImportAnswer }>(
    'select runledger.import_workflow_runs($1, $2::jsonb, $3, $4, $5, $6) as answer',
    [source, JSON.stringify(options), pass, limit, dryRun, after],
  );
  return row?.answer as ImportAnswer;
}

/** Batch after batch until the table is through; the last answer. */
export async function importAll(db: SqlSession, call: ImportCall = {}): Promise<ImportAnswer> {
  let answer = await importBatch(db, call);
  while (!answer.done) answer = await importBatch(db, { ...call, pass: answer.pass, after: answer.after });
  return answer;
}

/** What a dry run says of all rows: how many of each status met what. */
export async function dryRun(db: SqlSession, call: ImportCall = {}): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let after: string | null = null;
  for (;;) {
    const answer: ImportAnswer = await importBatch(db, { ...call, dryRun: true, after });
    for (const group of answer.groups) counts[groupName(group)] = (counts[groupName(group)] ?? 0) + group.rows;
    if (answer.done) return counts;
    after = answer.after;
  }
}

export const groupName = ({ status, result, reason }: ImportAnswer['groups'][number]) =>
  [status, result, reason].join(' | ');
