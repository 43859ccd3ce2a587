import { randomUUID } from 'node:crypto';
import type { SqlDatabase, SqlSession } from '@runledger/local-stack';
import { databaseKinds, openPostgres, testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';

const signUp = async (db: SqlSession) => {
  const id = randomUUID();
  await db.query('insert into auth.users (id, email) values ($1, $2)', [id, `${id}@example.com`]);
  return id;
};
const isUser = async (db: SqlSession, id: string) =>
  (await db.query('select from runledger.users where id = $1 and left_at is null', [id])).length === 1;
const sync = (db: SqlSession) => db.query('select runledger.sync_users(100000)');

/** What may have become of our side: each breaks it, and repairs it again. */
const BROKEN = {
  'the table of users has another name': [
    'alter table runledger.users rename to people',
    'alter table runledger.people rename to users',
  ],
  'the table of users asks for a value that the sign-up has not': [
    'alter table runledger.users add column phone text; alter table runledger.users add constraint has_phone check (phone is not null) not valid',
    'alter table runledger.users drop column phone',
  ],
  'a function that it calls is gone': [
    'alter function runledger_private.is_user_source(oid) rename to is_source',
    'alter function runledger_private.is_source(oid) rename to is_user_source',
  ],
  'the schema has another name': ['alter schema runledger rename to ledger', 'alter schema ledger rename to runledger'],
} as const;

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger.db.close());

  test.each(Object.entries(BROKEN))(
    'a sign-up comes through while %s, and the sync brings the user',
    async (_, [breaks, repairs]) => {
      const { db } = ledger;
      await db.exec(breaks);
      const id = await signUp(db);
      await db.exec(repairs);
      expect(await isUser(db, id)).toBe(false);
      await sync(db);
      expect(await isUser(db, id)).toBe(true);
    },
  );

  test.each(Object.entries(BROKEN))(
    'an account is deleted while %s, and the sync sees that it has left',
    async (_, [breaks, repairs]) => {
      const { db } = ledger;
      const [stays, goes] = [await signUp(db), await signUp(db)];
      await db.exec(breaks);
      await db.query('delete from auth.users where id = $1', [goes]);
      await db.exec(repairs);
      expect(await isUser(db, goes)).toBe(true);
      await sync(db);
      expect([await isUser(db, goes), await isUser(db, stays)]).toEqual([false, true]);
    },
  );

  test('the table of the host has a column that must be filled: nothing of ours writes it', async () => {
    const { db } = ledger;
    await db.exec(`create table public.people (id int primary key, name text not null); insert into public.people values (1, 'Anna');
      select runledger.follow_users('public.people', 'id'); alter table public.people add column phone text not null default 'x';
      alter table public.people alter column phone drop default`);
    await db.exec(`insert into public.people values (2, 'Ben', '123')`);
    expect(await isUser(db, '2')).toBe(true);
    await db.exec(`select runledger.follow_users('auth.users', 'id', null, 'deleted_at'); drop table public.people`);
  });

  test('the role of Supabase Auth has no right to the ledger, and needs none', async () => {
    const id = await ledger.db.as('supabase_auth_admin', null, signUp);
    expect(await isUser(ledger.db, id)).toBe(true);
  });

  const record = (id: string) =>
    ledger.db.query(
      `select runledger.create_execution(jsonb_build_object('workflow_id', $1::text, 'created_by', $2::text))`,
      [ledger.ada.workflowId, id],
    );
  /** Each records something for a user, as the first thing that the ledger hears of them. */
  const FIRST_CALLS: Record<string, (id: string) => Promise<unknown>> = {
    create_execution: record,
    admit_execution: (id) =>
      ledger.db.query(
        `select runledger.admit_execution(jsonb_build_object('workflow_id', $1::text, 'created_by', $2::text, 'input', null, 'start_within_ms', 1000))`,
        [ledger.ada.workflowId, id],
      ),
    adopt_executions: async (id) => {
      const [row] = await ledger.db.query<{ result: string }>(
        'select result from runledger.adopt_executions($1::jsonb)',
        [
          JSON.stringify([
            {
              namespace: 'default',
              temporalWorkflowId: randomUUID(),
              firstRunId: 'first',
              workflowId: ledger.ada.workflowId,
              workflowType: 'order',
              taskQueue: 'demo',
              userId: id,
              startedAt: '2026-01-01T00:00:00Z',
            },
          ]),
        ],
      );
      if (row?.result !== 'adopted') throw new Error(`unknown_user: ${row?.result}`);
    },
    set_quota: (id) =>
      ledger.db.query('select * from runledger.set_quota($1::jsonb)', [
        JSON.stringify({ user_id: id, executions_per_hour: 5 }),
      ]),
    'a workflow of their own': (id) =>
      ledger.db.query(
        `insert into runledger.workflows (user_id, name, workflow_type, task_queue) values ($1, 'Order', 'order', 'demo')`,
        [id],
      ),
    'a plain insert': (id) =>
      ledger.db.query('insert into runledger.workflow_executions (workflow_id, created_by) values ($1, $2)', [
        ledger.ada.workflowId,
        id,
      ]),
  };

  test.each(Object.keys(FIRST_CALLS))(
    '%s takes a user whose sign-up the ledger missed, and nobody whom the source has not',
    async (name) => {
      const { db } = ledger;
      await db.exec(BROKEN['the table of users has another name'][0]);
      const id = await signUp(db);
      await db.exec(BROKEN['the table of users has another name'][1]);
      const call = FIRST_CALLS[name] as (id: string) => Promise<unknown>;
      await call(id);
      expect(await isUser(db, id)).toBe(true);
      for (const stranger of [randomUUID(), 'auth0|123', 'x:y', ''])
        await expect(call(stranger)).rejects.toThrow(
          /the_user_is_known|user_id_fkey|not in runledger\.users|unknown_user|user_id_is_not_empty|empty/,
        );
    },
  );
});

describe.each(testedKinds('postgres-15', 'postgres-17'))('on %s, while others hold what it needs', (kind) => {
  let ledger: LedgerDatabase;
  let other: SqlDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
    other = await openPostgres(ledger.db.url as string, { max: 2 });
  });
  afterAll(async () => {
    await other?.close();
    await ledger?.db.close();
  });

  /** Statements run while another session holds the lock; that they end at all shows that they do not wait for it. */
  async function whileLocked<R>(lock: string, fn: () => Promise<R>): Promise<R> {
    return other.transaction(async (session) => {
      await session.exec(lock);
      return fn();
    });
  }

  test('sign-ups and deletions come through while runledger.users is locked, and the sync brings them', async () => {
    const { db } = ledger;
    const [gone, stays] = [await signUp(db), await signUp(db)];
    const { one, many } = await whileLocked('lock table runledger.users in access exclusive mode', async () => {
      const id = await signUp(db);
      await db.query('delete from auth.users where id = $1', [gone]);
      const ids = await db.transaction(async (session) => {
        const signed: string[] = [];
        for (let n = 0; n < 200; n += 1) signed.push(await signUp(session));
        return signed;
      });
      return { one: id, many: ids };
    });
    expect(await isUser(db, one)).toBe(false);
    await sync(db);
    expect([await isUser(db, one), await isUser(db, gone), await isUser(db, stays)]).toEqual([true, false, true]);
    for (const id of many) expect(await isUser(db, id)).toBe(true);
  });

  test('an account is deleted while the user’s row is locked', async () => {
    const { db } = ledger;
    const id = await signUp(db);
    await whileLocked(`select from runledger.users where id = '${id}' for update`, () =>
      db.query('delete from auth.users where id = $1', [id]),
    );
    expect(await isUser(db, id)).toBe(true);
    await sync(db);
    expect(await isUser(db, id)).toBe(false);
  });

  test('a transaction of the host that waited once for the ledger waits no second time', async () => {
    const { db } = ledger;
    await whileLocked('lock table runledger.users in access exclusive mode', () =>
      db.transaction(async (session) => {
        await signUp(session);
        expect(
          await session.query(`select current_setting('runledger.users_later') = pg_current_xact_id()::text as later`),
        ).toEqual([{ later: true }]);
      }),
    );
  });
});
