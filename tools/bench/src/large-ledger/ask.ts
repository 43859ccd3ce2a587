import type { SqlDatabase, SqlRole } from '@runledger/local-stack';
import { percentile } from '../quantile.ts';

/** A statement, and as whom it is asked, as PostgREST asks it: in a transaction of that role with that user's claims. */
export interface Question {
  role: Extract<SqlRole, 'authenticated' | 'service_role'>;
  user: string | null;
  sql: string;
  params?: unknown[];
}

export interface Asked {
  /** Of the statement alone, from sending it to its last row. */
  p50Ms: number;
  p99Ms: number;
}

/** Asks warm: the first answer does not count. */
export async function ask(database: SqlDatabase, question: Question, times: number): Promise<Asked> {
  const took: number[] = [];
  for (let time = 0; time <= times; time += 1) {
    const ms = await database.as(question.role, question.user, async (db) => {
      const began = performance.now();
      await db.query(question.sql, question.params);
      return performance.now() - began;
    });
    if (time > 0) took.push(ms);
  }
  return { p50Ms: percentile(took, 0.5), p99Ms: percentile(took, 0.99) };
}

/** Answers of a question. */
export const answerOf = <T>(database: SqlDatabase, { role, user, sql, params }: Question): Promise<T[]> =>
  database.as(role, user, (db) => db.query<T>(sql, params));

/** Buffers that the second asking reads, found or not: planning, functions and indexes included. */
export async function buffersOf(database: SqlDatabase, { role, user, sql, params }: Question): Promise<number> {
  return database.as(role, user, async (db) => {
    await db.query(sql, params);
    const [row] = await db.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
      `explain (analyze, buffers, format json) ${sql}`,
      params,
    );
    const { Plan: plan } = row?.['QUERY PLAN'][0] ?? { Plan: {} };
    return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
  });
}
