import { resolve } from 'node:path';
import type { PgliteConnection } from '@supabase/lite/pglite';
import { createPgliteConnection } from '@supabase/lite/pglite';
import type { PostgresConnection } from '@supabase/lite/postgres';
import { asPostgrestError } from './lite-errors.ts';
import { dropReadersOfRows, pgliteExtensions } from './open-pglite.ts';

export type LiteConnection = PgliteConnection | PostgresConnection;

/**
 * A jsonb argument of a function reaches the driver as JSON text, a jsonb column of an insert as a value. Unpatched, the
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

/** What Lite's connections have but do not declare. */
type Internals = {
  rlsState: 'unknown' | 'active' | 'inactive';
  normalizeDbError(error: unknown): unknown;
};

/**
 * Makes the API on this connection behave like PostgREST where Lite 0.10.0 does not and callers would notice. Each of
 * these has a test in supabase.server.test.ts, as has what stays different.
 */
export function patch<C extends LiteConnection>(connection: C): C {
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
  const connection = patch(
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
  await dropReadersOfRows(connection.driver);
  return connection;
}
