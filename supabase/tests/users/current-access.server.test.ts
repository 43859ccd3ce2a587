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
    expect(await access(token)).toEqual({ user: token.sub, ended: null, account: expect.objectContaining(said) });
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
    expect(await access(claims)).toEqual({ user: claims.sub ?? null, ended: null, account: null });
  });

  test('where the tables of Supabase Auth may not be read, nothing is known, and nobody is locked out', async () => {
    const token = await account({ banned_until: '2999-01-01' });
    await ledger.db.exec('alter table auth.users rename column banned_until to suspended_until');
    await ledger.db.exec('alter table auth.users rename column raw_app_meta_data to app_meta_data');
    try {
      expect(await access(token)).toEqual({ user: token.sub, ended: null, account: null });
    } finally {
      await ledger.db.exec('alter table auth.users rename column suspended_until to banned_until');
      await ledger.db.exec('alter table auth.users rename column app_meta_data to raw_app_meta_data');
    }
  });
});
