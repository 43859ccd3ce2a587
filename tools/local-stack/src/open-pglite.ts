import type { Transaction } from '@electric-sql/pglite';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import type { SqlDatabase, SqlSession } from './sql-database.ts';
import { assumeRole } from './sql-database.ts';
import { sqlValueReaders } from './sql-values.ts';

const session = (on: PGlite | Transaction): SqlSession => ({
  query: async <T>(sql: string, params: unknown[] = []) =>
    (await on.query<T>(sql, params, { parsers: sqlValueReaders })).rows,
  exec: async (sql) => {
    await on.exec(sql);
  },
});

/** The uniform view of a PGlite, also of one that someone else made with readers of values of its own. */
export function viewPglite(pglite: PGlite): SqlDatabase {
  const transaction = <R>(fn: (db: SqlSession) => Promise<R>) => pglite.transaction((on) => fn(session(on)));
  const close = async () => {
    if (!pglite.closed) await pglite.close();
  };
  return {
    ...session(pglite),
    kind: 'pglite',
    transaction,
    as: (role, userId, fn) =>
      transaction(async (db) => {
        await assumeRole(db, role, userId);
        return fn(db);
      }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What the migrations create: a PGlite has no extension that it was not opened with. */
export const pgliteExtensions = { pg_trgm };

/**
 * PGlite copies its table of readers for each statement. Most of it is for arrays of rows, of which each table has a type: nobody
 * reads those, and without them a small statement takes two thirds of the CPU time.
 */
export async function dropReadersOfRows(pglite: PGlite): Promise<void> {
  const { rows } = await pglite.query<{ oid: number }>(
    `select a.oid from pg_type a join pg_type t on t.oid = a.typelem where a.typcategory = 'A' and t.typtype = 'c'`,
  );
  const ofRows = new Set(rows.map(({ oid }) => String(oid)));
  pglite.parsers = Object.fromEntries(Object.entries(pglite.parsers).filter(([oid]) => !ofRows.has(oid)));
}

export type OpenPgliteOptions = {
  /** Default: in memory. */
  dataDir?: string;
  /** What `dumpDataDir` gave: the starting point of a new database. */
  loadDataDir?: Blob;
};

/** Postgres in this process. Not crash-safe (no fsync), one connection: everything on it happens one after the other. */
export async function openPglite(options: OpenPgliteOptions = {}): Promise<SqlDatabase> {
  const pglite = await PGlite.create({ ...options, extensions: pgliteExtensions });
  await dropReadersOfRows(pglite);
  await pglite.exec(`set timezone = 'UTC'`);
  return viewPglite(pglite);
}
