import { randomUUID } from 'node:crypto';
import type { SqlSession } from '@runledger/local-stack';
import { databaseKinds, openPostgres } from '@runledger/local-stack';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';

const GRAPHS = 'public.graphs';
const OPTIONS = {
  name: 'title',
  owner: 'author',
  type: { constant: 'runGraph' },
  queue: { column: 'queue', default: 'graphs' },
};

/** The host's own definitions, as two kinds of applications keep them: by uuid, and by number. */
const hostSql = `
  create table public.graphs (id uuid primary key default gen_random_uuid(), author uuid not null, title text not null, queue text, nodes jsonb);
  alter table public.graphs enable row level security;
  create table public.jobs (no bigint generated always as identity primary key, team_user text, label text, kind text);
  create view public.live_jobs as select no, team_user, label, kind from public.jobs where kind <> 'draft';
  grant all on public.graphs, public.jobs to authenticated`;

interface Definition {
  id: string;
  user_id: string;
  name: string;
  workflow_type: string;
  task_queue: string;
  host_id: string;
  archived_at: string | null;
}

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  let db: LedgerDatabase['db'];
  beforeAll(async () => {
    ledger = await openLedger(kind);
    db = ledger.db;
    await db.exec(hostSql);
  });
  afterEach(() =>
    db.exec(`select runledger.unfollow_workflows(); delete from runledger.workflows where host_id is not null;
      delete from public.graphs; delete from public.jobs`),
  );
  afterAll(() => ledger?.db.close());

  const follow = (table: string, options: object) =>
    db.query<{ answer: { done: boolean } }>('select runledger.follow_workflows($1, $2::jsonb) as answer', [
      table,
      JSON.stringify(options),
    ]);
  const definitions = (session: SqlSession = db) =>
    session.query<Definition>(
      `select id, user_id, name, workflow_type, task_queue, host_id, archived_at from runledger.workflows
        where host_id is not null order by name`,
    );
  const addGraph = async (title: string, author = ledger.ada.id) => {
    const id = randomUUID();
    await db.query('insert into public.graphs (id, author, title) values ($1, $2, $3)', [id, author, title]);
    return id;
  };
  async function syncAll(limit = 1000) {
    const totals = { changed: 0, archived: 0, calls: 0 };
    for (let done = false; !done; totals.calls++) {
      const [row] = await db.query<{ answer: { changed: number; archived: number; done: boolean } }>(
        'select runledger.sync_workflows($1) as answer',
        [limit],
      );
      const answer = row?.answer as { changed: number; archived: number; done: boolean };
      totals.changed += answer.changed;
      totals.archived += answer.archived;
      done = answer.done;
    }
    return totals;
  }

  test('rows that are there, come, change, go and return are followed under their own ids', async () => {
    const before = await addGraph('before');
    await follow(GRAPHS, OPTIONS);
    const after = await addGraph('later');
    const shared = { workflow_type: 'runGraph', task_queue: 'graphs', user_id: ledger.ada.id, archived_at: null };
    expect(await definitions()).toEqual([
      { ...shared, id: before, host_id: before, name: 'before' },
      { ...shared, id: after, host_id: after, name: 'later' },
    ]);
    await db.query(`update public.graphs set title = 'sold', author = $1, queue = 'own' where id = $2`, [
      ledger.bob.id,
      after,
    ]);
    expect((await definitions())[1]).toMatchObject({ name: 'sold', user_id: ledger.bob.id, task_queue: 'own' });
    await db.query(
      `insert into runledger.workflow_executions (workflow_id, created_by, temporal_workflow_id) values ($1, $2, 'kept')`,
      [after, ledger.bob.id],
    );
    await db.query('delete from public.graphs where id = $1', [after]);
    expect((await definitions())[1]?.archived_at).not.toBeNull();
    expect(await db.query(`select 1 from runledger.workflow_executions where workflow_id = $1`, [after])).toHaveLength(
      1,
    );
    await db.query(`insert into public.graphs (id, author, title) values ($1, $2, 'back')`, [after, ledger.bob.id]);
    expect((await definitions())[0]).toMatchObject({ id: after, name: 'back', archived_at: null });
  });

  test('what its owner archived here stays archived when the host’s row changes', async () => {
    await follow(GRAPHS, OPTIONS);
    const id = await addGraph('old');
    await db.query('update runledger.workflows set archived_at = now() where id = $1', [id]);
    await db.query(`update public.graphs set title = 'older' where id = $1`, [id]);
    expect(await definitions()).toMatchObject([{ name: 'older', archived_at: expect.anything() }]);
  });

  test('a key that is no uuid has one id here, always the same, and both name the definition', async () => {
    await db.query(`insert into public.jobs (team_user, label, kind) values ($1, 'sum', 'sum')`, [ledger.ada.id]);
    const options = { id: 'no', name: 'label', owner: 'team_user', type: 'kind', queue: { constant: 'jobs' } };
    await follow('public.jobs', options);
    const [made] = await definitions();
    await follow('public.jobs', options);
    const [again] = await definitions();
    expect(again).toEqual(made);
    for (const ref of [made?.host_id, made?.id])
      expect(await db.query('select id from runledger.get_workflow($1, $2)', [ledger.ada.id, ref as string])).toEqual([
        { id: made?.id },
      ]);
    const [created] = await db.query<{ answer: { execution: { workflow_id: string } } }>(
      'select runledger.create_execution($1::jsonb) as answer',
      [JSON.stringify({ workflow_id: made?.host_id, created_by: ledger.ada.id })],
    );
    expect(created?.answer.execution.workflow_id).toBe(made?.id);
  });

  test('a view is followed by syncs, in parts, deletions too', async () => {
    await db.query(
      `insert into public.jobs (team_user, label, kind) select $1, 'job ' || n, 'sum' from generate_series(1, 25) n`,
      [ledger.ada.id],
    );
    await follow('public.live_jobs', {
      id: 'no',
      name: 'label',
      owner: 'team_user',
      type: 'kind',
      queue: { constant: 'jobs' },
    });
    await db.query(`update public.jobs set kind = 'draft' where label in ('job 3', 'job 4')`);
    await db.query(`update public.jobs set label = 'renamed' where label = 'job 5'`);
    await syncAll();
    // From the beginning, seven at a time.
    await db.query(`insert into public.jobs (team_user, label, kind) values ($1, 'new', 'sum')`, [ledger.ada.id]);
    expect(await syncAll(7)).toMatchObject({ changed: 1, archived: 0 });
    const all = await definitions();
    expect(all.filter(({ archived_at }) => archived_at).map(({ name }) => name)).toEqual(['job 3', 'job 4']);
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(['renamed', 'new']));
    expect(await syncAll(7)).toMatchObject({ changed: 0, archived: 0 });
  });

  test.each([
    ['whose owner is not in users', () => ({ author: randomUUID(), title: 'whose' })],
    ['whose queue cannot be one', () => ({ author: ledger.ada.id, title: 'long', queue: 'q'.repeat(1001) })],
  ])('a row %s is the host’s to have, and keeps no other from being followed', async (_, row) => {
    await follow(GRAPHS, OPTIONS);
    await db.query(
      `insert into public.graphs (author, title, queue) select author, title, queue
         from jsonb_to_recordset($1::jsonb) r (author uuid, title text, queue text)`,
      [JSON.stringify([row(), { author: ledger.ada.id, title: 'fine' }])],
    );
    expect(await db.query('select 1 from public.graphs')).toHaveLength(2);
    expect((await definitions()).map(({ name }) => name)).toEqual(['fine']);
  });

  test('an owner who signs up later has their definitions from the next sync or first use on', async () => {
    await follow(GRAPHS, OPTIONS);
    const [one, two] = [randomUUID(), randomUUID()];
    const [first, second] = [await addGraph('first', one), await addGraph('second', two)];
    await db.query('insert into runledger.users (id) values ($1), ($2)', [one, two]);
    await db.query('select runledger.create_execution($1::jsonb)', [
      JSON.stringify({ workflow_id: first, created_by: one }),
    ]);
    expect((await definitions()).map(({ id }) => id)).toEqual([first]);
    await syncAll();
    expect((await definitions()).map(({ id }) => id)).toEqual([first, second]);
  });

  test('the id of somebody else’s definition cannot be taken by a row of the host’s', async () => {
    await follow(GRAPHS, OPTIONS);
    await db.query(`insert into public.graphs (id, author, title) values ($1, $2, 'mine now')`, [
      ledger.bob.workflowId,
      ledger.ada.id,
    ]);
    await syncAll();
    expect(
      await db.query('select user_id, name from runledger.workflows where id = $1', [ledger.bob.workflowId]),
    ).toEqual([{ user_id: ledger.bob.id, name: 'Order' }]);
  });

  test('the host’s statements succeed whatever has become of its columns or of the ledger', async () => {
    await follow(GRAPHS, OPTIONS);
    await db.exec('alter table public.graphs rename column title to heading');
    const id = randomUUID();
    const add = `insert into public.graphs (id, author, heading) values ($1, $2, 'x')`;
    await db.query(add, [id, ledger.ada.id]);
    await db.query(`update public.graphs set heading = 'y' where id = $1`, [id]);
    expect(await definitions()).toEqual([]);
    await db.exec('alter table public.graphs rename column heading to title');
    await db.exec('begin; alter table runledger.workflows rename to hidden');
    await db.query(`update public.graphs set title = 'z' where id = $1`, [id]);
    await db.exec('alter table runledger.hidden rename to workflows; commit');
    await syncAll();
    expect(await definitions()).toMatchObject([{ id, name: 'z' }]);
  });

  test('a statement of many rows is left to the sync', async () => {
    await follow(GRAPHS, OPTIONS);
    await db.query(
      `insert into public.graphs (author, title) select $1, 'g' || lpad(n::text, 4, '0') from generate_series(1, 1500) n`,
      [ledger.ada.id],
    );
    expect(await definitions()).toEqual([]);
    expect(await syncAll(400)).toMatchObject({ changed: 1500 });
    await db.exec('truncate public.graphs');
    expect(await syncAll(400)).toMatchObject({ changed: 0, archived: 1500 });
  });

  test('followed columns are changed in the host’s table only; the rest is the owner’s here', async () => {
    await follow(GRAPHS, OPTIONS);
    const id = await addGraph('followed');
    const update = (changes: object) =>
      db.query('select * from runledger.update_workflow($1, $2, $3::jsonb)', [
        id,
        ledger.ada.id,
        JSON.stringify(changes),
      ]);
    await expect(update({ name: 'mine' })).rejects.toMatchObject({ code: 'PT409' });
    expect(await update({ run_timeout: '5m', description: 'kept' })).toMatchObject([{ run_timeout: '5m' }]);
    await db.query(`update public.graphs set title = 'again' where id = $1`, [id]);
    expect(await db.query('select name, description from runledger.workflows where id = $1', [id])).toEqual([
      { name: 'again', description: 'kept' },
    ]);
    await db.query('select runledger.unfollow_workflows()');
    expect(await update({ name: 'mine' })).toMatchObject([{ name: 'mine' }]);
    await db.query(`update public.graphs set title = 'theirs' where id = $1`, [id]);
    expect(await definitions()).toMatchObject([{ name: 'mine' }]);
  });

  test.each([
    ['no such table', 'public.none', OPTIONS, 'no table public.none'],
    ['no such column', GRAPHS, { ...OPTIONS, name: 'none' }, 'no column "none"'],
    ['an unknown option', GRAPHS, { ...OPTIONS, color: 'red' }, 'no option color'],
    ['no owner', GRAPHS, { type: 'title', queue: 'queue' }, 'owner, type and queue'],
  ])('%s is said, and nothing is followed', async (_, table, options, sentence) => {
    await expect(follow(table, options)).rejects.toThrow(sentence);
    expect(await db.query('select 1 from runledger.followed_workflows')).toEqual([]);
    expect(await db.query(`select 1 from pg_trigger where tgname like 'runledger_follow_%'`)).toEqual([]);
  });
});

test('the host’s statement waits neither for a user who is leaving nor for a definition that is being written', async () => {
  const ledger = await openLedger('postgres-17');
  const { db, ada } = ledger;
  await db.exec(hostSql);
  await db.query('select runledger.follow_workflows($1, $2::jsonb)', [GRAPHS, JSON.stringify(OPTIONS)]);
  await db.query(`insert into public.graphs (author, title) values ($1, 'held')`, [ada.id]);
  const other = await openPostgres(db.url as string, { max: 1 });
  try {
    await other.exec('begin');
    await other.query('select 1 from runledger.users where id = $1 for update', [ada.id]);
    await other.query('select 1 from runledger.workflows where host_id is not null for update');
    // As long as the other transaction stays open, whoever waited would wait for ever.
    await db.query(`update public.graphs set title = 'renamed'`);
    await db.query(`insert into public.graphs (author, title) values ($1, 'new')`, [ada.id]);
    await db.query('select runledger.sync_workflows()');
    await other.exec('rollback');
    for (let call = 0; call < 3; call++) await db.query('select runledger.sync_workflows()');
    expect(await db.query('select name from runledger.workflows where host_id is not null order by name')).toEqual([
      { name: 'new' },
      { name: 'renamed' },
    ]);
  } finally {
    await other.close();
    await db.close();
  }
});
