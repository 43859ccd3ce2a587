export type SqlRole = 'anon' | 'authenticated' | 'service_role' | 'postgres' | 'supabase_auth_admin';

/** What runs SQL: a database, or one transaction of it. */
export type SqlSession = {
  /**
   * One statement. Timestamps come back as text with microseconds, int8 and numeric as number where that is exact.
   * Pass json parameters as text (`JSON.stringify`): an array would become a Postgres array.
   */
  query<T = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<T[]>;
  /** Any number of statements, all or nothing. */
  exec(sql: string): Promise<void>;
};

export type SqlDatabase = SqlSession & {
  kind: 'pglite' | 'postgres-15' | 'postgres-17';
  /** Commits unless `fn` throws. On PGlite everything else on this database waits meanwhile. */
  transaction<R>(fn: (db: SqlSession) => Promise<R>): Promise<R>;
  /** A transaction as PostgREST opens one for a request of this role and user; commits unless `fn` throws. */
  as<R>(role: SqlRole, userId: string | null, fn: (db: SqlSession) => Promise<R>): Promise<R>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Puts the transaction that `db` is in under `role`, with the settings that auth.uid(), auth.role() and auth.jwt() read. */
export async function assumeRole(db: SqlSession, role: SqlRole, userId: string | null): Promise<void> {
  const claims = { ...(userId === null ? {} : { sub: userId }), role };
  await db.query(
    `select set_config('request.jwt.claims', $1, true), set_config('request.jwt.claim.sub', $2, true),
            set_config('request.jwt.claim.role', $3, true), set_config('role', $3, true)`,
    [JSON.stringify(claims), userId ?? '', role],
  );
}
