import type { SqlSession } from '@runledger/local-stack';

interface Explained {
  'QUERY PLAN': [{ Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }];
}

/**
 * Buffers of 8 KB that a statement reads, the least of three times, after some that are not counted: the first time a connection
 * reads what the catalogue says of tables and functions, the sixth time it settles on a plan, and whenever another database of
 * the server changes what they share, the catalogue is read again.
 */
export async function buffersRead(
  db: SqlSession,
  statement: string,
  params: unknown[] = [],
  { before = 1 } = {},
): Promise<number> {
  for (let time = 0; time < before; time += 1) await db.query(statement, params);
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 3; time += 1) {
    const [row] = await db.query<Explained>(`explain (analyze, buffers, format json) ${statement}`, params);
    const { Plan: plan } = (row as Explained)['QUERY PLAN'][0];
    least = Math.min(least, plan['Shared Hit Blocks'] + plan['Shared Read Blocks']);
  }
  return least;
}
