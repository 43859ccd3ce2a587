import { applyMigrations, openPostgres, startPostgres, supabasePlatformSql } from '@runledger/local-stack';
import { expect, test } from 'vitest';

interface Blocker {
  kind: string;
  pid: number | null;
  application: string | null;
  database: string | null;
  state: string | null;
  gid: string | null;
  since: string;
}

// A cluster of its own: on a shared one any transaction of another test may be the oldest.
test.each([15, 17] as const)(
  'on Postgres %i, who holds up the feed of changes is named, in another database and prepared too',
  async (version) => {
    await using server = await startPostgres({ version, settings: { max_prepared_transactions: '2' } });
    await using db = await openPostgres(server.url());
    await db.exec(supabasePlatformSql);
    await applyMigrations(db);
    await db.query('create database elsewhere');
    const url = new URL(server.url());
    url.pathname = '/elsewhere';
    url.searchParams.set('application_name', 'nightly report');
    await using other = await openPostgres(url.href, { max: 1 });
    const blocker = (after = '0') =>
      db
        .as('service_role', null, (session) =>
          session.query<{ b: Blocker | null }>(`select runledger_private.change_feed_blocker($1::interval) as b`, [
            after,
          ]),
        )
        .then(([row]) => row?.b ?? null);

    expect(await blocker()).toBeNull();

    await other.transaction(async (session) => {
      const [who] = await session.query<{ pid: number }>('select pg_current_xact_id(), pg_backend_pid() as pid');
      expect(await blocker()).toMatchObject({
        kind: 'session',
        pid: who?.pid,
        application: 'nightly report',
        database: 'elsewhere',
        state: 'idle in transaction',
        since: expect.any(String),
      });
      // Nobody is blamed for what has just begun.
      expect(await blocker('1 hour')).toBeNull();
      expect(JSON.stringify(await blocker())).not.toContain('pg_current_xact_id');
    });
    expect(await blocker()).toBeNull();

    await other.exec(`begin; select pg_current_xact_id(); prepare transaction 'transfer-7'`);
    expect(await blocker()).toMatchObject({ kind: 'prepared', gid: 'transfer-7', database: 'elsewhere', pid: null });
    await other.exec(`rollback prepared 'transfer-7'`);
    expect(await blocker()).toBeNull();
  },
);
