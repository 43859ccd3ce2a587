import { resolve } from 'node:path';
import type { PgliteConnection } from '@supabase/lite/pglite';
import { createPgliteConnection } from '@supabase/lite/pglite';
import type { PostgresConnection } from '@supabase/lite/postgres';
import type { ApiLimits, TransactionSetting } from './api-limits.ts';
import { asPostgrestError } from './lite-errors.ts';
import { pgliteExtensions } from './open-pglite.ts';
import { calledFunction } from './row-limit.ts';

export type LiteConnection = PgliteConnection | PostgresConnection;

/**
 * A jsonb argument of a function reaches the driver as JSON text, a jsonb column of an insert as a value. Unmended, the
 * Postgres driver encodes the first a second time, and PGlite refuses the second when it is a bare string.
 */
export function jsonParameter(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  try {
    JSON.parse(value);
    return value;
  } catch {
    return JSON.stringify(value);
  }
}

/** As PostgREST prints times: Lite passes on what Postgres prints, `2026-01-02 03:04:05.123456+00`. */
export const isoTime = (text: string): string =>
  /^\d{4,}-\d\d-\d\d \d\d:/.test(text) ? text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00') : text;

/** A transaction of Lite's query builder. */
type LiteTransaction = { executeQuery(query: object): Promise<unknown> };

/** What Lite's connections have but do not declare. */
type Internals = {
  rlsState: 'unknown' | 'active' | 'inactive';
  normalizeDbError(error: unknown): unknown;
  applyJwtSessionContext(on: LiteTransaction, context: { auth?: { role?: string } }, ...rest: unknown[]): Promise<void>;
  applyRpcRequestGucs(on: LiteTransaction, call: { path: string }): Promise<void>;
};

async function applySettings(on: LiteTransaction, settings: TransactionSetting[]): Promise<void> {
  for (const { name, value } of settings) {
    const sql = 'select set_config($1, $2, true)';
    // As Kysely compiles a query, which is no dependency of this package.
    await on.executeQuery({ sql, parameters: [name, value], query: { kind: 'RawNode' }, queryId: { queryId: name } });
  }
}

/**
 * Gives each request's transaction the limits of its role, and of the function that it calls, as PostgREST does. Postgres
 * enforces them; PGlite, which has no timers, only knows them.
 */
export function limitRequests(connection: LiteConnection, limits: () => ApiLimits): void {
  const internals = connection as unknown as Internals;
  const { applyJwtSessionContext: applyRole, applyRpcRequestGucs: applyCall } = internals;
  internals.applyJwtSessionContext = async (on, context, ...rest) => {
    await applySettings(on, limits().settingsOf(context.auth?.role ?? 'anon'));
    await applyRole.call(connection, on, context, ...rest);
  };
  internals.applyRpcRequestGucs = async (on, call) => {
    await applyCall.call(connection, on, call);
    await applySettings(on, limits().settingsOfFunction(calledFunction(call.path) ?? ''));
  };
}

/**
 * Makes the API on this connection behave like PostgREST where Lite 0.10.0 does not and callers would notice. Each of
 * these has a test in supabase.test.ts, as has what stays different.
 */
export function mend<C extends LiteConnection>(connection: C): C {
  const internals = connection as unknown as Internals;
  // While this is 'unknown', the first request grants everything on all tables of every schema that has row-level
  // security to anon and authenticated, which undoes the revokes of the migrations, and if there is no such table yet,
  // Lite serves everybody as the owner of the database.
  internals.rlsState = 'active';
  internals.normalizeDbError = asPostgrestError;
  return connection;
}

export async function openLitePglite(options: {
  dataDir: string | undefined;
  loadDataDir: Blob | undefined;
}): Promise<PgliteConnection> {
  return mend(
    await createPgliteConnection({
      ...(options.dataDir ? { url: resolve(options.dataDir) } : {}),
      pgliteOptions: {
        extensions: pgliteExtensions,
        ...(options.loadDataDir ? { loadDataDir: options.loadDataDir } : {}),
        parsers: { 1114: isoTime, 1184: isoTime },
        serializers: { 114: jsonParameter, 3802: jsonParameter },
      },
    }),
  );
}
