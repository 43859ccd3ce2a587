import { randomUUID } from 'node:crypto';
import type { SqlDatabase, SqlSession } from '@runledger/local-stack';
import { databaseKinds, openPostgres, testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger, outcome, recordOutcomes } from '../ledger-database.ts';

interface Batch {
  user: string | null;
  executions: number;
  rows: number;
  done: boolean;
}

async function settle(db: SqlSession, limit: number): Promise<Batch> {
  const [row] = await db.query<{ b: Batch }>('select runledger.settle_users($1) as b', [limit]);
  return row?.b as Batch;
}

/** A user of Supabase Auth with a workflow, and executions in it and in somebody else's: a third of them run. */
async function addLeaver({ db, ada }: LedgerDatabase, count: number) {
  const id = randomUUID();
  await db.query('insert into auth.users (id) values ($1)', [id]);
  const [workflow] = await db.query<{ id: string }>(
    `insert into runledger.workflows (user_id, name, workflow_type, task_queue, visibility)
     values ($1, 'Order', 'order', 'demo', 'published') returning id`,
    [id],
  );
  const workflowId = (workflow as { id: string }).id;
  await db.query(
    `insert into runledger.workflow_executions (workflow_id, created_by, temporal_workflow_id, temporal_run_id, status, closing_run_id,
       outcome_authority, completed_at)
     select case n % 2 when 0 then $2::uuid else $3::uuid end, $1, $1 || n, 'first', case n % 3 when 0 then 'running' else 'completed' end,
            case n % 3 when 0 then null else 'first' end, case n % 3 when 0 then null else 'engine' end,
            case n % 3 when 0 then null else now() end
       from generate_series(1, $4::int) n`,
    [id, workflowId, ada.workflowId, count],
  );
  await db.query(`insert into runledger.workflow_executions (workflow_id, created_by) values ($1, $2)`, [
    workflowId,
    ada.id,
  ]);
  await db.query(
    `update runledger.workflow_executions set verdict = 'fine' where created_by = $1 and temporal_workflow_id = $1 || 1`,
    [id],
  );
  return { id, workflowId };
}

/** Every table of the ledger that still names the user in a column of any name. */
async function tracesOf(db: SqlSession, id: string): Promise<string[]> {
  const columns = await db.query<{ t: string; c: string }>(
    `select table_name as t, column_name as c from information_schema.columns
      where table_schema = 'runledger' and data_type = 'text' and table_name in (
        select relname from pg_class where relnamespace = 'runledger'::regnamespace and relkind = 'r') order by 1, 2`,
  );
  const found: string[] = [];
  for (const { t, c } of columns) {
    const rows = await db.query(`select from runledger.${t} where "${c}" = $1 limit 1`, [id]);
    if (rows.length > 0) found.push(`${t}.${c}`);
  }
  return found;
}

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger.db.close());

  test('who leaves reads nothing and starts nothing from that moment, and what is theirs goes in batches', async () => {
    const { db, ada } = ledger;
    const { id, workflowId } = await addLeaver(ledger, 50);
    const TABLES = [
      'users',
      'workflows',
      'workflow_executions',
      'execution_transitions',
      'execution_changes',
      'execution_deltas',
    ];
    const seen = () =>
      db.as('authenticated', id, async (session) => {
        const rows = await Promise.all(TABLES.map((table) => session.query(`select from runledger.${table}`)));
        return rows.map(({ length }) => length > 0);
      });
    expect(await seen()).toEqual(TABLES.map(() => true));
    await db.query('delete from auth.users where id = $1', [id]);
    expect(await seen()).toEqual(TABLES.map(() => false));

    const insert = 'insert into runledger.workflow_executions (workflow_id, created_by) values ($1, $2)';
    await expect(db.query(insert, [ada.workflowId, id])).rejects.toMatchObject({
      code: 'PT409',
      detail: 'unknown_user',
    });
    await expect(
      db.query(
        `select runledger.admit_execution(jsonb_build_object('workflow_id', $1::text, 'created_by', $2::text, 'start_within_ms', 1))`,
        [workflowId, id],
      ),
    ).rejects.toMatchObject({ code: 'PT409', detail: 'unknown_user' });

    const batches: Batch[] = [];
    while (batches.at(-1)?.done !== true) batches.push(await settle(db, 20));
    expect(batches.map(({ executions }) => executions)).toEqual([20, 20, 11, 0]);
    expect(await settle(db, 20)).toMatchObject({ user: null, done: true });
    await db.exec(`update runledger.execution_changes set changed_at = now() - interval '2 hours'; select runledger.trim_changes();
      select runledger.fold_execution_stats(20000)`);
    expect(await tracesOf(db, id)).toEqual([]);
    expect(await db.query('select * from runledger.verify_execution_stats()')).toEqual([]);
  });

  test('what was pruned of a user goes with them, also from the totals of the workflow', async () => {
    const { db, ada } = ledger;
    const { id } = await addLeaver(ledger, 30);
    await db.exec('delete from runledger.execution_timelines');
    await db.exec(
      'begin; select runledger_private.prune_counted(array(select id from runledger.workflow_executions)); commit',
    );
    await db.query('select runledger.fold_execution_stats(20000)');
    const total = async () =>
      (
        await db.query(
          `select coalesce(sum(counts[runledger_private.status_number('completed')]), 0)::int as n from runledger.execution_stats where workflow_id = $1 and created_by = '' and grain = 'life'`,
          [ada.workflowId],
        )
      )[0];
    expect(await total()).toEqual({ n: 10 });
    await db.query('delete from auth.users where id = $1', [id]);
    while (!(await settle(db, 7)).done);
    await db.query('select runledger.fold_execution_stats(20000)');
    expect([
      await total(),
      await db.query('select from runledger.execution_stats_pruned where created_by = $1', [id]),
    ]).toEqual([{ n: 0 }, []]);
  });

  test('what was pruned of a user with a new id is added to what was pruned under that id, and all counts stay', async () => {
    const { db, ada } = ledger;
    const { id } = await addLeaver(ledger, 12);
    const [to] = await db.query<{ id: string }>(
      `insert into runledger.users (id) values (gen_random_uuid()::text) returning id`,
    );
    // Both have ended executions of one hour in one workflow, and all of them are pruned.
    await db.query(
      `update runledger.workflow_executions set created_by = $2 where id in (
         select id from runledger.workflow_executions where created_by = $1 and status = 'completed' order by id limit 3)`,
      [id, to?.id],
    );
    const prune = (of: string | undefined) =>
      db.query(
        `select runledger_private.prune_counted(array(select id from runledger.workflow_executions where created_by = $1))`,
        [of],
      );
    await db.exec('delete from runledger.execution_timelines');
    await prune(id);
    await prune(to?.id);
    await db.query('select runledger.fold_execution_stats(20000)');
    const counted = async () =>
      await db.query(
        `select workflow_id, sum(n)::int as n from runledger.execution_stats, unnest(counts) n
          where workflow_id = $1 and created_by = '' and grain = 'life' group by 1`,
        [ada.workflowId],
      );
    const before = await counted();
    await db.query('update runledger.users set moved_to = $2, auth_user_id = null where id = $1', [id, to?.id]);
    for (
      let calls = 0;
      calls < 50 && (await db.query('select from runledger.users where id = $1', [id])).length > 0;
      calls++
    )
      await settle(db, 50);
    await db.query('select runledger.fold_execution_stats(20000)');
    expect(await db.query('select from runledger.users where id = $1', [id])).toEqual([]);
    expect(await db.query('select * from runledger.verify_execution_stats()')).toEqual([]);
    expect(await counted()).toEqual(before);
  });

  test('who is back in the source before anything was deleted keeps it all', async () => {
    const { db } = ledger;
    const { id } = await addLeaver(ledger, 3);
    await db.query('delete from auth.users where id = $1', [id]);
    await db.exec(
      `set session_replication_role = replica; insert into auth.users (id) values ('${id}'); reset session_replication_role`,
    );
    expect(await settle(db, 10)).toMatchObject({ user: id, executions: 0, done: true });
    expect(await db.query('select left_at from runledger.users where id = $1', [id])).toEqual([{ left_at: null }]);
    await db.query('delete from auth.users where id = $1', [id]);
    while (!(await settle(db, 10)).done);
  });

  test('forget_user forgets one whom the source still has, who may come again without a past', async () => {
    const { db } = ledger;
    const { id } = await addLeaver(ledger, 5);
    const forget = async () =>
      (await db.query<{ b: Batch }>('select runledger.forget_user($1, 4) as b', [id]))[0]?.b as Batch;
    expect(await forget()).toMatchObject({ user: id, executions: 4, done: false });
    await db.query('select runledger.sync_users(100000)');
    while (!(await forget()).done);
    await expect(forget()).rejects.toMatchObject({ code: 'PT404', detail: 'not_found' });
    await db.query('select runledger.sync_users(100000)');
    expect(
      await db.query('select count(*)::int as n from runledger.workflow_executions where created_by = $1', [id]),
    ).toEqual([{ n: 0 }]);
    expect(await db.query('select left_at from runledger.users where id = $1', [id])).toEqual([{ left_at: null }]);
  });

  test('a user whose id changes in the source keeps what is theirs, in batches', async () => {
    const { db, ada } = ledger;
    await db.exec(`create table public.people (handle text primary key, account uuid); insert into public.people values ('anna', gen_random_uuid());
      select runledger.follow_users('public.people', 'handle', 'account')`);
    await db.query(
      `insert into runledger.workflow_executions (workflow_id, created_by) select $1, 'anna' from generate_series(1, 9)`,
      [ada.workflowId],
    );
    await db.exec(`insert into runledger.workflows (user_id, name, workflow_type, task_queue) values ('anna', 'Mine', 'order', 'demo');
      update public.people set handle = 'anne'; select runledger.sync_users(10)`);
    while (!(await settle(db, 4)).done);
    expect(
      await db.query(
        `select u.id, u.left_at, u.auth_user_id = p.account as mapped, count(*)::int as executions,
              (select count(*)::int from runledger.workflows w where w.user_id = u.id) as workflows
         from runledger.users u join public.people p on p.handle = u.id join runledger.workflow_executions e on e.created_by = u.id group by 1, 2, 3`,
      ),
    ).toEqual([{ id: 'anne', left_at: null, mapped: true, executions: 9, workflows: 1 }]);
    expect(await tracesOf(db, 'anna').then((traces) => traces.filter((t) => !/changes|deltas|stats/.test(t)))).toEqual(
      [],
    );
    await db.exec('select runledger.fold_execution_stats(20000)');
    expect(await db.query('select * from runledger.verify_execution_stats()')).toEqual([]);
  });
});

describe.each(testedKinds('postgres-15', 'postgres-17'))('on %s, while others write', (kind) => {
  let ledger: LedgerDatabase;
  let other: SqlDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
    other = await openPostgres(ledger.db.url as string);
  });
  afterAll(async () => {
    await other?.close();
    await ledger?.db.close();
  });

  test('a batch waits for no execution that somebody holds, and goes on when it is free', async () => {
    const { db } = ledger;
    const { id } = await addLeaver(ledger, 10);
    await db.query('delete from auth.users where id = $1', [id]);
    await other.transaction(async (session) => {
      await session.query(
        'select from runledger.workflow_executions where created_by = $1 order by id limit 3 for update',
        [id],
      );
      const settleFreely = () =>
        db.transaction(async (free) => {
          await free.exec(`set local lock_timeout = '1ms'`);
          return settle(free, 100);
        });
      expect(await settleFreely()).toMatchObject({ executions: 8, done: false });
      expect(await settleFreely()).toMatchObject({ executions: 0, rows: 0, done: false });
    });
    while (!(await settle(db, 100)).done);
  });

  test('while a batch is under way, others write their own executions, sign up, and report this user’s', async () => {
    const { db, ada } = ledger;
    const { id } = await addLeaver(ledger, 40);
    await db.query('delete from auth.users where id = $1', [id]);
    const running = await db.query<{ id: string }>(
      `select id from runledger.workflow_executions where created_by = $1 and status = 'running' order by id desc limit 5`,
      [id],
    );
    await other.transaction(async (session) => {
      await settle(session, 10);
      await db.transaction(async (free) => {
        await free.exec(`set local lock_timeout = '1ms'`);
        await free.query('insert into runledger.workflow_executions (workflow_id, created_by) values ($1, $2)', [
          ada.workflowId,
          ada.id,
        ]);
        await free.query('insert into auth.users (id) values (gen_random_uuid())');
        const answers = await recordOutcomes(
          free,
          running.map((e) => outcome(e.id, 'completed')),
        );
        expect(new Set(answers.map(({ result }) => result))).toEqual(new Set(['applied']));
        await free.query('select runledger.sync_users(1000)');
      });
    });
    while (!(await settle(db, 10)).done);
    expect(await tracesOf(db, id).then((traces) => traces.filter((t) => !/changes|deltas|stats/.test(t)))).toEqual([]);
  });

  test('a user is deleted only while nobody adds executions of theirs, for whom something may be held', async () => {
    const { db } = ledger;
    await db.exec(`create table public.people (handle text primary key, account uuid);
      select runledger.follow_users('public.people', 'handle', 'account')`);
    for (const state of ['left', 'moved, with an account', 'moved, without one']) {
      const id = randomUUID();
      const account = state === 'moved, with an account' ? randomUUID() : null;
      await db.query('insert into public.people values ($1, $2)', [id, account]);
      await db.query(
        state === 'left'
          ? 'delete from public.people where handle = $1'
          : `update public.people set handle = handle || '+' where handle = $1`,
        [id],
      );
      await db.exec('select runledger.sync_users(1000)');
      await other.transaction(async (session) => {
        await session.query('select from runledger.users where id = $1 for key share', [id]);
        const held = await db.transaction(async (free) => {
          await free.exec(`set local lock_timeout = '1ms'`);
          return settle(free, 100);
        });
        expect({ state, held }).toEqual({ state, held: { user: id, executions: 0, others: 0, rows: 0, done: false } });
      });
      while ((await settle(db, 100)).user !== null);
      expect(await db.query('select from runledger.users where id = $1', [id])).toEqual([]);
    }
  });
});
