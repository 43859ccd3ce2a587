import type { SqlDatabase, TestDatabase } from '@runledger/local-stack';
import { createTestDatabase } from '@runledger/local-stack';

/** What a Supabase project is before any migration of ours. */
export async function emptyDatabase(kind: SqlDatabase['kind']): Promise<TestDatabase> {
  const database = await createTestDatabase(kind, { migrationsDir: import.meta.dirname });
  await database.exec('drop schema supabase_migrations cascade');
  return database;
}
