import type { SqlDatabase } from '@runledger/local-stack';
import { applyMigrations, openPostgres, supabasePlatformSql } from '@runledger/local-stack';

/** A migrated database, empty. */
export async function openLedgerToCount(url: string): Promise<SqlDatabase> {
  const db = await openPostgres(url, { max: 2 });
  await db.exec(supabasePlatformSql);
  await applyMigrations(db);
  return db;
}

/** The first users and workflows; writers add and remove others. */
export const furnish = (db: SqlDatabase): Promise<void> =>
  db.exec(`
    insert into runledger.users (id) values ('ada'), ('grace'), ('linus');
    insert into runledger.workflows (user_id, name, workflow_type, task_queue)
      select u.id, 'Order', 'order', 'demo' from runledger.users u, generate_series(1, 2)`);

/** Until nothing is left to fold. */
export async function foldAll(db: SqlDatabase): Promise<void> {
  const fold = async () => (await db.query<{ n: number }>('select runledger.fold_execution_stats() as n'))[0]?.n ?? 0;
  while ((await fold()) > 0);
}
