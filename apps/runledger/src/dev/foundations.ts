import type { Terminal } from '@runledger/cli';
import { ExecutionError } from '@runledger/contracts';
import { assertPortFree } from '@runledger/local-stack/ports';
import { startTemporal } from '@runledger/local-stack/temporal';
import { findTemporalBinary } from '@runledger/local-stack/temporal-binary';
import { MIGRATIONS } from '../assets.ts';
import { migrationsFolder, projectMigrations } from '../project/migration-files.ts';
import type { DevEnv } from './dev-env.ts';
import type { LocalState, Secrets } from './local-state.ts';

/** A server that others here use. */
export interface Foundation<T> {
  variables: T;
  /** Resolves when it has ended by itself; never, for one that was there before. */
  ended: Promise<unknown>;
  stop(): Promise<unknown>;
}

const never = new Promise<never>(() => {});
const HOST = '127.0.0.1';

export interface SupabaseVariables {
  SUPABASE_URL: string;
  SUPABASE_ANON_KEY: string;
  SUPABASE_SERVICE_ROLE_KEY: string;
  SUPABASE_JWT_SECRET?: string;
}

/** The Supabase that the environment names; else one on PGlite, with the project's own migrations. */
export async function openSupabase(
  env: DevEnv,
  project: string,
  state: LocalState,
  { keys, user }: Secrets,
): Promise<Foundation<SupabaseVariables>> {
  const { SUPABASE_URL, SUPABASE_ANON_KEY, SUPABASE_SERVICE_ROLE_KEY, SUPABASE_JWT_SECRET } = env;
  if (SUPABASE_URL && SUPABASE_ANON_KEY && SUPABASE_SERVICE_ROLE_KEY) {
    const variables = { SUPABASE_URL, SUPABASE_ANON_KEY, SUPABASE_SERVICE_ROLE_KEY };
    return {
      variables: SUPABASE_JWT_SECRET ? { ...variables, SUPABASE_JWT_SECRET } : variables,
      ended: never,
      stop: async () => undefined,
    };
  }
  await assertPortFree(env.RUNLEDGER_SUPABASE_PORT, 'The Supabase API', 'RUNLEDGER_SUPABASE_PORT');
  const { startSupabase } = await import('@runledger/local-stack/supabase').catch((cause) => {
    const how =
      'npm install --save-dev @supabase/lite @electric-sql/pglite, or name a Supabase that runs: SUPABASE_URL';
    throw new ExecutionError('invalid_input', `The local Supabase is not installed: ${how}.`, { cause });
  });
  const isOwn = (await projectMigrations(project)).length > 0;
  const supabase = await startSupabase({
    database: { kind: 'pglite', dataDir: state.path('postgres') },
    port: env.RUNLEDGER_SUPABASE_PORT,
    host: HOST,
    schemas: ['public', 'runledger'],
    migrationsDir: isOwn ? migrationsFolder(project) : MIGRATIONS,
    ...keys,
  });
  await supabase.createUser(user);
  return {
    variables: {
      SUPABASE_URL: supabase.url,
      SUPABASE_ANON_KEY: supabase.anonKey,
      SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
      SUPABASE_JWT_SECRET: supabase.jwtSecret,
    },
    ended: never,
    stop: () => supabase.stop(),
  };
}

export interface TemporalVariables {
  TEMPORAL_ADDRESS: string;
  TEMPORAL_NAMESPACE: string;
  RUNLEDGER_TEMPORAL_UI_URL?: string;
}

/** The Temporal that the environment names; else a dev server, fetched with the first start. */
export async function openTemporal(
  env: DevEnv,
  state: LocalState,
  terminal: Terminal,
): Promise<Foundation<TemporalVariables>> {
  const namespace = env.TEMPORAL_NAMESPACE;
  if (!env.TEMPORAL_ADDRESS) {
    await assertPortFree(env.RUNLEDGER_TEMPORAL_PORT, 'Temporal', 'RUNLEDGER_TEMPORAL_PORT');
    await assertPortFree(env.RUNLEDGER_TEMPORAL_UI_PORT, 'The page of Temporal', 'RUNLEDGER_TEMPORAL_UI_PORT');
    await findTemporalBinary({ log: (line) => terminal.progress(line) });
  }
  const temporal = await startTemporal({
    address: env.TEMPORAL_ADDRESS ?? null,
    dbFilename: state.path('temporal.db'),
    port: env.RUNLEDGER_TEMPORAL_PORT,
    uiPort: env.RUNLEDGER_TEMPORAL_UI_PORT,
    namespaces: [namespace],
  });
  return {
    variables: {
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: namespace,
      ...(temporal.uiUrl ? { RUNLEDGER_TEMPORAL_UI_URL: temporal.uiUrl } : {}),
    },
    ended: temporal.ended,
    stop: () => temporal.stop(),
  };
}
