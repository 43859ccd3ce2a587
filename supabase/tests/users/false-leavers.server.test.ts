import { randomUUID } from 'node:crypto';
import type { SqlDatabase } from '@runledger/local-stack';
import { createTestDatabase, databaseKinds, testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

interface Sync {
  added: number;
  left: number;
  problem: string | null;
  done: boolean;
}

/** What may hide rows that nobody deleted, and what brings them back. */
const HIDDEN = {
  'the table is emptied to be filled again': [
    'truncate public.members',
    'insert into public.members select n from generate_series(1, 30) n',
  ],
  'only a part of the table is restored so far': [
    'truncate public.members; insert into public.members select n from generate_series(1, 9) n',
    'insert into public.members select n from generate_series(10, 30) n',
  ],
  'the view that is followed was changed': [
    'create or replace view public.people as select id from public.members where id <= 12',
    'create or replace view public.people as select id from public.members',
  ],
} as const;

describe.each(databaseKinds)('on %s', (kind) => {
  let db: SqlDatabase;
  beforeAll(async () => {
    db = await createTestDatabase(kind);
    await db.exec(`create table public.members (id int primary key);
      create view public.people as select id from public.members`);
  });
  afterAll(() => db?.close());
  beforeEach(async () => {
    await db.exec(`select runledger.unfollow_users(); delete from runledger.users;
      truncate public.members; insert into public.members select n from generate_series(1, 30) n;
      select runledger.follow_users('public.people', 'id');
      insert into runledger.workflows (user_id, name, workflow_type, task_queue) values ('30', 'Order', 'order', 'demo');
      insert into runledger.workflow_executions (workflow_id, created_by) select w.id, n::text
        from runledger.workflows w, generate_series(1, 30) n`);
  });

  const sync = async (limit: number) => {
    const [row] = await db.query<{ s: Sync }>('select runledger.sync_users($1) as s', [limit]);
    return row?.s as Sync;
  };
  /** A whole pass, in parts, and what is due after it. */
  async function pass(limit = 7) {
    const parts: Sync[] = [];
    do parts.push(await sync(limit));
    while (!parts.at(-1)?.done && parts.length < 12);
    await db.query('select runledger.settle_users() from generate_series(1, 60)');
    return { left: parts.reduce((sum, { left }) => sum + left, 0), problem: parts.at(-1)?.problem ?? null };
  }
  const counts = async () =>
    (
      await db.query(`select (select count(*)::int from runledger.workflow_executions) as executions,
        count(*) filter (where left_at is null)::int as there, count(*) filter (where left_at is not null)::int as gone
        from runledger.users`)
    )[0];
  const all = { executions: 30, there: 30, gone: 0 };
  const graceIsOver = () =>
    db.exec(`update runledger.users set keep_until = now() - interval '1 second' where keep_until is not null`);

  test.each(Object.entries(HIDDEN))(
    'nobody leaves while %s, whatever the size of a part, and it is said',
    async (_, [hide, bring]) => {
      await db.exec(hide);
      for (const limit of [1000, 7, 1]) {
        const { left, problem } = await pass(limit);
        expect([left, problem]).toEqual([
          0,
          expect.stringMatching(/^\d+ of 30 users are not in public\.people any more/),
        ]);
      }
      expect(await db.query('select runledger.host_problems() as problems')).toEqual([
        { problems: [expect.stringContaining('runledger.confirm_leavers()')] },
      ]);
      expect(await counts()).toEqual(all);
      await db.exec(bring);
      expect(await pass()).toEqual({ left: 0, problem: null });
      expect([await db.query('select runledger.host_problems() as problems'), await counts()]).toEqual([
        [{ problems: [] }],
        all,
      ]);
    },
  );

  test('once it is confirmed they leave, and what is theirs goes after the grace', async () => {
    await db.exec('truncate public.members; insert into public.members values (30)');
    expect(await pass()).toMatchObject({ left: 0 });
    await db.exec('select runledger.confirm_leavers()');
    expect(await pass()).toEqual({ left: 29, problem: null });
    expect(await counts()).toEqual({ executions: 30, there: 1, gone: 29 });
    await graceIsOver();
    await pass();
    expect(await counts()).toEqual({ executions: 1, there: 1, gone: 0 });
  });

  test('who was only not found has left, and keeps everything until the grace is over', async () => {
    await db.exec('delete from public.members where id in (3, 4)');
    expect(await pass()).toEqual({ left: 2, problem: null });
    expect(await counts()).toEqual({ executions: 30, there: 28, gone: 2 });
    expect(
      await db.query(`select id, round(extract(epoch from keep_until - left_at))::int as kept from runledger.users
                       where left_at is not null order by id`),
    ).toEqual([
      { id: '3', kept: 86_400 },
      { id: '4', kept: 86_400 },
    ]);
    await db.exec('insert into public.members values (4)');
    expect(await pass()).toEqual({ left: 0, problem: null });
    expect(await counts()).toEqual({ executions: 30, there: 29, gone: 1 });
    await graceIsOver();
    await pass();
    expect(await counts()).toEqual({ executions: 29, there: 29, gone: 0 });
  });

  test('those who wait for their grace count too: most users do not leave in small groups', async () => {
    for (let first = 1; first <= 25; first += 5) {
      await db.exec(`delete from public.members where id between ${first} and ${first + 4}`);
      await pass();
    }
    expect(await counts()).toEqual({ executions: 30, there: 15, gone: 15 });
    await graceIsOver();
    await pass();
    // While that many are not found, not even these are deleted.
    expect(await counts()).toMatchObject({ executions: 30 });
  });

  test('the host sets the grace; without one they go at once', async () => {
    await db.exec(
      `select runledger.follow_users('public.people', 'id', p_grace => '0'); delete from public.members where id = 3`,
    );
    await pass();
    expect(await counts()).toEqual({ executions: 29, there: 29, gone: 0 });
  });

  test('whom the host deletes from a table, or marks, leaves at once, as before', async () => {
    await db.exec(`alter table public.members add column removed boolean not null default false;
      select runledger.follow_users('public.members', 'id', null, 'removed');
      delete from public.members where id <= 20; update public.members set removed = true where id = 21`);
    await pass();
    expect(await counts()).toEqual({ executions: 9, there: 9, gone: 0 });
    await db.exec('alter table public.members drop column removed');
  });

  test('where the source does not answer, nobody’s grace ends, and another source or none takes them back', async () => {
    await db.exec('delete from public.members where id = 3');
    await pass();
    await db.exec('alter view public.people rename to folk');
    await graceIsOver();
    expect(await pass()).toMatchObject({
      problem: expect.stringContaining('public.people, which users came from, is gone'),
    });
    expect(await counts()).toEqual({ executions: 30, there: 29, gone: 1 });
    await db.exec('select runledger.unfollow_users()');
    await pass();
    expect(await counts()).toEqual(all);
    await db.exec('alter view public.folk rename to people');
  });
});

describe.each(testedKinds('postgres-15', 'postgres-17'))('on %s', (kind) => {
  test('a source whose rows are hidden from its owner is an error, not one that lacks users', async () => {
    await using db = await createTestDatabase(kind);
    const team = `team_${randomUUID().slice(0, 8)}`;
    await db.exec(`create role ${team} nologin; create table public.members (id int primary key, active boolean default true);
      insert into public.members select n from generate_series(1, 30) n;
      alter table public.members owner to ${team}; grant create on schema public to ${team};
      set role ${team}; create view public.people as select id from public.members; reset role;
      select runledger.follow_users('public.people', 'id')`);
    try {
      await db.exec(`alter table public.members enable row level security; alter table public.members force row level security;
        create policy active on public.members using (active); update public.members set active = false where id < 5`);
      const [row] = await db.query<{ s: Sync }>('select runledger.sync_users() as s');
      expect(row?.s).toMatchObject({ left: 0, problem: expect.stringContaining('row-level security policy') });
      await expect(db.exec(`select runledger.follow_users('public.people', 'id')`)).rejects.toThrow(
        'row-level security',
      );
    } finally {
      await db.exec(`drop view public.people; drop table public.members; drop owned by ${team}; drop role ${team}`);
    }
  });
});
