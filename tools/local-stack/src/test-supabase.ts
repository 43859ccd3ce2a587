import type { LocalSupabase, StartSupabaseOptions } from './supabase.ts';
import { startSupabase } from './supabase.ts';
import { createOnServer } from './test-database.ts';

/**
 * The Supabase API over a Postgres 17 database of its own for a test that is not about the database: a copy of a migrated
 * one, so it is ready at once, and served for half the CPU time of a PGlite. Stopping it removes the database.
 */
export async function startTestSupabase(options: Omit<StartSupabaseOptions, 'database'> = {}): Promise<LocalSupabase> {
  const database = await createOnServer('supabase-17');
  const supabase = await startSupabase({
    ...options,
    database: { kind: 'postgres', url: database.url as string },
    migrate: false,
  }).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= supabase.stop().then(database.close);
    return stopping;
  };
  return { ...supabase, stop, [Symbol.asyncDispose]: stop };
}
