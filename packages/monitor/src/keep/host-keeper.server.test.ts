import type { UserBatch } from '@runledger/contracts';
import { connectSupabase, createLedger } from '@runledger/execution-service';
import type { LocalSupabase } from '@runledger/local-stack';
import { startTestSupabase } from '@runledger/local-stack';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../fixtures/until.ts';
import { createHostKeeper } from './host-keeper.ts';

let supabase: LocalSupabase;
beforeAll(async () => {
  supabase = await startTestSupabase();
});
afterAll(() => supabase?.stop());

const logger = pino({ level: 'silent' });

test('a user deleted in Supabase Auth is gone with all executions, and one whom no trigger told of is there', async () => {
  const { database } = supabase;
  const [gone, stays] = ['a', 'b'].map((end) => `00000000-0000-4000-8000-00000000000${end}`);
  await database.query('insert into auth.users (id) values ($1)', [gone]);
  await database.query(
    `with w as (insert into runledger.workflows (user_id, name, workflow_type, task_queue) values ($1, 'w', 'w', 'q') returning id)
     insert into runledger.workflow_executions (workflow_id, created_by) select w.id, $1 from w, generate_series(1, 1200)`,
    [gone],
  );
  await database.exec(`set session_replication_role = replica; insert into auth.users (id) values ('${stays}');
    reset session_replication_role; delete from auth.users where id = '${gone}'`);
  const ids = async () =>
    (await database.query<{ id: string }>('select id from runledger.users order by id')).map(({ id }) => id);
  expect(await ids()).toEqual([gone]);

  const client = connectSupabase({ url: supabase.url, key: supabase.serviceRoleKey });
  const stop = new AbortController();
  const running = createHostKeeper({ ledger: createLedger(client), logger }).run(stop.signal);
  await until(ids, (found) => found.join() === stays);
  stop.abort();
  await running;
  expect(await database.query('select from runledger.workflow_executions')).toEqual([]);
});

test('definitions of a view are there, with their owners, and archived with their rows', async () => {
  const { database } = supabase;
  const owner = '00000000-0000-4000-8000-00000000000c';
  await database.query('insert into auth.users (id) values ($1)', [owner]);
  await database.exec(`create table public.graphs (id integer primary key, title text, owner uuid);
    create view public.all_graphs as select id, title as name, owner::text from public.graphs;
    select runledger.follow_workflows('public.all_graphs',
      '{"owner": "owner", "type": {"constant": "runGraph"}, "queue": {"constant": "graphs"}}')`);
  await database.query(`insert into public.graphs values (7, 'Invoices', $1)`, [owner]);
  const followed = () =>
    database.query<{ host_id: string; name: string; gone: boolean }>(
      `select host_id, name, archived_at is not null as gone from runledger.workflows where host_id is not null`,
    );
  const client = connectSupabase({ url: supabase.url, key: supabase.serviceRoleKey });
  const ledger = createLedger(client);
  const turn = async (isDone: () => Promise<boolean>) => {
    const stop = new AbortController();
    const running = createHostKeeper({ ledger, logger }).run(stop.signal);
    await until(isDone, true);
    stop.abort();
    await running;
  };
  await turn(async () => (await followed()).length === 1);
  expect(await followed()).toEqual([{ host_id: '7', name: 'Invoices', gone: false }]);
  await database.exec('delete from public.graphs');
  await turn(async () => (await followed())[0]?.gone === true);
  await database.exec('drop view public.all_graphs');
  expect(await ledger.syncWorkflows(10)).toMatchObject({ source: 'public.all_graphs', isMissing: true, done: true });
});

const NOTHING_FOLLOWED = {
  source: null,
  isMissing: false,
  problem: null,
  examined: 0,
  changed: 0,
  archived: 0,
  done: true,
};

const batch = (more: Partial<UserBatch>): UserBatch => ({
  user: 'anna',
  executions: 0,
  others: 0,
  rows: 0,
  done: false,
  ...more,
});

test('what keeps the users of the application from being followed is logged once, and when it is over', async () => {
  const lines: { level: number; msg: string }[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const problems = [
    '29 of 30 users are not in public.members any more.',
    '28 of 30 users are not in public.members any more.',
    null,
  ];
  const stop = new AbortController();
  const fakeLedger = {
    syncUsers: async () => {
      const problem = problems.shift() ?? null;
      if (problems.length === 0) setTimeout(() => stop.abort());
      return { source: 'public.members', isMissing: false, problem, added: 0, left: 0, done: true };
    },
    syncWorkflows: async () => NOTHING_FOLLOWED,
    settleUsers: async () => batch({ user: null, done: true }),
  };
  await createHostKeeper({ ledger: fakeLedger, logger: log, everyMs: 1 }).run(stop.signal);
  expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
    [40, '29 of 30 users are not in public.members any more.'],
    [30, 'users are followed again'],
  ]);
});

test('batches follow each other without a pause until nobody is due or somebody holds the rest', async () => {
  for (const last of [batch({}), batch({ user: null, done: true })]) {
    const batches = [
      batch({ executions: 500, rows: 500 }),
      batch({ rows: 3 }),
      batch({ done: true }),
      last,
      batch({ rows: 1 }),
    ];
    const stop = new AbortController();
    const fakeLedger = {
      syncUsers: async () => ({ source: null, isMissing: false, problem: null, added: 0, left: 0, done: true }),
      syncWorkflows: async () => NOTHING_FOLLOWED,
      settleUsers: async () => {
        const next = batches.shift() as UserBatch;
        if (next === last) setTimeout(() => stop.abort());
        return next;
      },
    };
    await createHostKeeper({ ledger: fakeLedger, logger }).run(stop.signal);
    expect(batches).toHaveLength(1);
  }
});
