import type { SqlDatabase, TestDatabase } from '@runledger/local-stack';
import { createTestDatabase } from '@runledger/local-stack';

/** What a Supabase project is before any migration of ours. */
export const emptyDatabase = (kind: SqlDatabase['kind']): Promise<TestDatabase> =>
  createTestDatabase(kind, { migrationsDir: import.meta.dirname });
