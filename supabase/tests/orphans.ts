import type { SqlSession } from '@runledger/local-stack';

/** Tables with rows whose execution is gone, by name; what tells of deletions keeps its own. */
export async function orphansIn(db: SqlSession): Promise<string[]> {
  const tables = await db.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'execution_id'
      where c.relkind = 'r' and c.relnamespace = 'runledger'::regnamespace and c.relname not in ('execution_changes', 'execution_import_rows', 'forwarded_rows')
      order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await db.query(
      `select from ${name} x where not exists (select from runledger.workflow_executions e where e.id = x.execution_id) limit 1`,
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}
