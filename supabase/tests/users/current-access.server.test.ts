import { randomUUID } from 'node:crypto';
import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
    await ledger.db.exec('create table if not exists auth.sessions (id uuid primary key, user_id uuid not null)');
  });
  afterAll(() => ledger?.db.close());

  /** What the database says of a token with these claims. */
  async function access(claims: object): Promise<unknown> {
    return ledger.db.transaction(async (db) => {
      await db.query(`select set_config('request.jwt.claims', $1, true)`, [JSON.stringify(claims)]);
      await db.exec('set local role authenticated');
      const [row] = await db.query<{ said: unknown }>('select runledger.current_access() as said');
      return row?.said;
    });
  }

  async function account(columns: { banned_until?: string; deleted_at?: string } = {}) {
    const [id, session] = [randomUUID(), randomUUID()];
    await ledger.db.query('insert into auth.users (id, banned_until, deleted_at) values ($1, $2, $3)', [
      id,
      columns.banned_until ?? null,
      columns.deleted_at ?? null,
    ]);
    await ledger.db.query('insert into auth.sessions (id, user_id) values ($1, $2)', [session, id]);
    return { sub: id, session_id: session };
  }

  test('an account with a session may act', async () => {
    const token = await account();
    const said = { sub: token.sub, app_metadata: { role: 'x' }, user_metadata: {} };
    await ledger.db.query(`update auth.users set raw_app_meta_data = '{"role":"x"}' where id = $1`, [token.sub]);
    expect(await access(token)).toEqual({
      user: token.sub,
      ended: null,
      account: expect.objectContaining(said),
      changed: ['role'],
    });
  });

  describe('what an account has changed since its token was issued', () => {
    const seconds = Math.floor(Date.now() / 1000);
    const gives = (id: string | undefined, metadata: string | null) =>
      ledger.db.query('update auth.users set raw_app_meta_data = $2::text::jsonb where id = $1', [id, metadata]);
    const changed = async (claims: object) => ((await access(claims)) as { changed: string[] }).changed;

    test('is what has another value, is gone or has come, and nothing that is as it was', async () => {
      const { sub } = await account();
      await gives(sub, '{"role": "x", "plan": {"a": 1, "b": [2]}}');
      await ledger.db.exec(`update runledger.users set changed_claims = '{}'`);
      for (const metadata of ['{"plan": {"b": [2], "a": 1}, "role": "x"}', '{"role": "x", "plan": {"a": 1, "b": [2]}}'])
        await gives(sub, metadata);
      await ledger.db.query('update auth.users set last_sign_in_at = now() where id = $1', [sub]);
      expect(await changed({ sub, iat: seconds })).toEqual([]);
      await gives(sub, '{"role": "y", "team": "b"}');
      expect(await changed({ sub, iat: seconds })).toEqual(['plan', 'role', 'team']);
      expect(await changed({ sub, iat: seconds + 3_600 })).toEqual([]);
      expect(await changed({ sub })).toEqual(['plan', 'role', 'team']);
    });

    test.each([null, 'null', '[]', '"operator"', '{}'])('is all there was, once it says %s', async (metadata) => {
      const { sub } = await account();
      await gives(sub, '{"role": "x"}');
      await ledger.db.exec(`update runledger.users set changed_claims = '{"old": 1}'`);
      await gives(sub, metadata);
      expect(await changed({ sub, iat: seconds })).toEqual(['role']);
      const [{ kept } = {}] = await ledger.db.query(
        'select changed_claims as kept from runledger.users where id = $1',
        [sub],
      );
      expect(Object.keys(kept as object)).toEqual(['role']);
    });

    test('is told of its own user only, also where the host has other ids', async () => {
      const [token, other] = [await account(), await account()];
      await ledger.db.query(`update runledger.users set auth_user_id = $1 where id = $2`, [token.sub, other.sub]);
      await gives(token.sub, '{"role": "x"}');
      expect(
        await ledger.db.query(
          `select id from runledger.users where changed_claims ? 'role' and id = any ($1) order by id`,
          [[token.sub, other.sub]],
        ),
      ).toEqual([token.sub, other.sub].toSorted().map((id) => ({ id })));
      await gives(other.sub, '{"plan": "x"}');
      expect(await changed({ sub: other.sub, iat: seconds })).not.toContain('plan');
    });

    test('is noted by each statement that changes many', async () => {
      const subs = [await account(), await account(), await account()].map(({ sub }) => sub);
      await ledger.db.query(
        `update auth.users set raw_app_meta_data = jsonb_build_object('role', id) where id = any ($1)`,
        [subs],
      );
      for (const sub of subs) expect(await changed({ sub, iat: seconds })).toEqual(['role']);
    });

    test('what cannot be noted changes all the same: Supabase Auth never fails because of the ledger', async () => {
      const { sub } = await account();
      await ledger.db.exec('alter table runledger.users rename to people');
      try {
        await gives(sub, '{"role": "x"}');
      } finally {
        await ledger.db.exec('alter table runledger.people rename to users');
      }
      expect(await access({ sub })).toMatchObject({ account: { app_metadata: { role: 'x' } }, changed: [] });
    });

    test('is noted of users who come from another table', async () => {
      await ledger.db.exec(`create table public.members (id text primary key, account uuid);
        select runledger.follow_users('public.members', 'id', 'account')`);
      const { sub } = await account();
      await ledger.db.query(`insert into public.members values ('m1', $1)`, [sub]);
      await gives(sub, '{"role": "x"}');
      expect(
        await ledger.db.query(`select id from runledger.users where changed_claims ? 'role' and id = 'm1'`),
      ).toEqual([{ id: 'm1' }]);
      await ledger.db.exec(
        `select runledger.follow_users('auth.users', 'id', null, 'deleted_at'); drop table public.members`,
      );
    });
  });

  test('a ban counts until it is over', async () => {
    const banned = await account({ banned_until: '2999-01-01' });
    expect(await access(banned)).toMatchObject({ ended: 'banned' });
    expect(await access(await account({ banned_until: '2001-01-01' }))).toMatchObject({ ended: null });
  });

  test('a token of a session that is gone has ended, and so has one of an account that is gone', async () => {
    const token = await account();
    await ledger.db.query('delete from auth.sessions where id = $1', [token.session_id]);
    expect(await access(token)).toMatchObject({ ended: 'signed_out' });
    await ledger.db.query('delete from auth.users where id = $1', [token.sub]);
    expect(await access(token)).toMatchObject({ ended: 'deleted' });
    expect(await access(await account({ deleted_at: '2026-01-01' }))).toMatchObject({ ended: 'deleted' });
  });

  test.each([
    ['of a user whom Supabase Auth never had', { sub: 'auth0|123' }],
    ['of an id that looks like an account, without a session', { sub: randomUUID() }],
    ['with a session that is not an id', { sub: randomUUID(), session_id: 'abc' }],
    ['of nobody', {}],
  ])('nothing is known of a token %s', async (_, claims: { sub?: string }) => {
    expect(await access(claims)).toEqual({ user: claims.sub ?? null, ended: null, account: null, changed: [] });
  });

  test('where the tables of Supabase Auth may not be read, nothing is known, and nobody is locked out', async () => {
    const token = await account({ banned_until: '2999-01-01' });
    await ledger.db.exec('alter table auth.users rename column banned_until to suspended_until');
    await ledger.db.exec('alter table auth.users rename column raw_app_meta_data to app_meta_data');
    try {
      await ledger.db.query(`update auth.users set app_meta_data = '{"role":"y"}' where id = $1`, [token.sub]);
      expect(await access(token)).toEqual({ user: token.sub, ended: null, account: null, changed: [] });
    } finally {
      await ledger.db.exec('alter table auth.users rename column suspended_until to banned_until');
      await ledger.db.exec('alter table auth.users rename column app_meta_data to raw_app_meta_data');
    }
  });
});
