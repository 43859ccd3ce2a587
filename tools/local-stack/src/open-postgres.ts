import pg from 'pg';
import type { SqlDatabase, SqlSession } from './sql-database.ts';
import { assumeRole } from './sql-database.ts';
import { sqlValueReaders } from './sql-values.ts';

const defaultReader = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => unknown;

const getTypeParser = (oid: number, format?: 'text' | 'binary'): unknown =>
  (format !== 'binary' && sqlValueReaders[oid]) || defaultReader(oid, format);

type Queryable = { query(sql: string, params?: unknown[]): Promise<pg.QueryResult> };

const session = (on: Queryable): SqlSession => ({
  query: async <T>(sql: string, params: unknown[] = []) => (await on.query(sql, params)).rows as T[],
  exec: async (sql) => {
    await on.query(sql);
  },
});

async function transaction<R>(pool: pg.Pool, fn: (db: SqlSession) => Promise<R>): Promise<R> {
  const client = await pool.connect();
  let failed = false;
  try {
    await client.query('begin');
    const result = await fn(session(client));
    await client.query('commit');
    return result;
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    // Closing the connection rolls back whatever state `fn` left it in.
    client.release(failed);
  }
}

/**
 * A database of a running Postgres 15 or 17. Statements outside a transaction may run side by side on up to `max`
 * connections (default 10).
 */
export async function openPostgres(url: string, { max = 10 }: { max?: number } = {}): Promise<SqlDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types: { getTypeParser } as pg.CustomTypesConfig,
    options: '-c timezone=UTC',
  });
  // A connection that the server closed, idle or within a transaction: the next query says so by itself.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const version = (await pool.query('show server_version_num')).rows[0].server_version_num as string;

  const close = async () => {
    if (!pool.ended) await pool.end();
  };
  return {
    ...session(pool as Queryable),
    kind: Number(version) < 170000 ? 'postgres-15' : 'postgres-17',
    transaction: (fn) => transaction(pool, fn),
    as: (role, userId, fn) =>
      transaction(pool, async (db) => {
        await assumeRole(db, role, userId);
        return fn(db);
      }),
    close,
    [Symbol.asyncDispose]: close,
  };
}
