import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';

interface View {
  id: string;
  name: string;
  filter: string;
  is_own: boolean;
}

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
    await ledger.db.exec(`insert into runledger.users (id) values ('old'), ('new')`);
  });
  afterAll(() => ledger?.db.close());

  const save = async (
    user: string,
    view: Partial<View> & { is_shared?: boolean },
    id: string | null = null,
    most = 100,
  ) => {
    const whole = {
      ...{ name: 'Failed', filter: 'status=failed', columns: ['status'], time_zone: 'UTC', is_shared: false },
      ...{ order_by: 'started_at', order_direction: 'desc', ...view },
    };
    const [row] = await ledger.db.query<{ view: View | null }>(
      'select runledger.save_view($1, $2::jsonb, $3, $4) as view',
      [user, JSON.stringify(whole), id, most],
    );
    return row?.view ?? null;
  };
  const list = async (user: string) => {
    const [row] = await ledger.db.query<{ views: View[] }>('select runledger.list_views($1) as views', [user]);
    return row?.views ?? [];
  };
  const get = async (user: string, id: string | undefined) => {
    const [row] = await ledger.db.query<{ view: View | null }>('select runledger.get_view($1, $2) as view', [user, id]);
    return row?.view ?? null;
  };

  test('a view is kept once under its name, and only its owner changes it', async () => {
    const { ada, bob } = ledger;
    const first = await save(ada.id, {});
    expect(await save(ada.id, { filter: 'tag=vip' })).toMatchObject({ id: first?.id, filter: 'tag=vip', is_own: true });
    const other = await save(ada.id, { name: 'Others' });
    await expect(save(ada.id, { name: 'Failed' }, other?.id)).rejects.toThrow('another view');
    expect(await save(ada.id, { name: 'Mine' }, other?.id)).toMatchObject({ id: other?.id, name: 'Mine' });
    expect(await save(bob.id, { name: 'Bobs' }, other?.id)).toBeNull();
    const [deleted] = await ledger.db.query('select runledger.delete_view($1, $2) as had', [bob.id, other?.id]);
    expect(deleted).toEqual({ had: false });
    expect((await list(ada.id)).map(({ name }) => name)).toEqual(['Failed', 'Mine']);
    expect(await list(bob.id)).toEqual([]);
  });

  test('whoever has the id of a shared view reads it, until its owner leaves; others do not', async () => {
    const { ada, bob } = ledger;
    const own = await save(ada.id, { name: 'Own' });
    const shared = await save('old', { name: 'Shared', is_shared: true });
    expect(await get(bob.id, own?.id)).toBeNull();
    const read = await get(bob.id, shared?.id);
    expect(read).toMatchObject({ name: 'Shared', is_own: false });
    expect(JSON.stringify(read)).not.toContain('old');
    await ledger.db.exec(`update runledger.users set left_at = now() where id = 'old'`);
    expect([await get(bob.id, shared?.id), await list('old')]).toEqual([null, []]);
    await expect(save('old', {})).rejects.toThrow('has left');
    await ledger.db.exec(`update runledger.users set left_at = null where id = 'old'`);
  });

  test('a user keeps no more than they may, but may go on changing what there is', async () => {
    const { bob } = ledger;
    for (const name of ['a', 'b']) await save(bob.id, { name }, null, 2);
    await expect(save(bob.id, { name: 'c' }, null, 2)).rejects.toMatchObject({ code: 'PT429' });
    expect(await save(bob.id, { name: 'b', filter: 'tag=x' }, null, 2)).toMatchObject({ filter: 'tag=x' });
  });

  test('views go with their user, to a new id or for good', async () => {
    await save('new', { name: 'Shared', filter: 'tag=newer' });
    await save('old', { name: 'Older' });
    await ledger.db.exec(`update runledger.users set moved_to = 'new' where id = 'old'`);
    for (let batch = 0; batch < 5; batch += 1) await ledger.db.query('select runledger.settle_users(100)');
    expect((await list('new')).map(({ name, filter }) => [name, filter])).toEqual([
      ['Older', 'status=failed'],
      ['Shared', 'tag=newer'],
    ]);
    for (let batch = 0; batch < 5; batch += 1)
      await ledger.db.query(
        `select runledger.forget_user('new') where exists (select from runledger.users where id = 'new')`,
      );
    const left = await ledger.db.query(`select 1 from runledger.saved_views where user_id in ('old', 'new')`);
    expect(left).toEqual([]);
  });
});
