import type { UserBatch } from '@runledger/contracts';
import { connectSupabase, createLedger } from '@runledger/execution-service';
import type { LocalSupabase } from '@runledger/local-stack';
import { startSupabase } from '@runledger/local-stack';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from './fixtures/until.ts';
import { createUserKeeper } from './user-keeper.ts';

let supabase: LocalSupabase;
beforeAll(async () => {
  supabase = await startSupabase({ database: { kind: 'pglite' } });
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
    delete from auth.users where id = '${gone}'; reset session_replication_role`);
  const ids = async () =>
    (await database.query<{ id: string }>('select id from runledger.users order by id')).map(({ id }) => id);
  expect(await ids()).toEqual([gone]);

  const client = connectSupabase({ url: supabase.url, key: supabase.serviceRoleKey });
  const stop = new AbortController();
  const running = createUserKeeper({ ledger: createLedger(client), logger }).run(stop.signal);
  await until(ids, (found) => found.join() === stays);
  stop.abort();
  await running;
  expect(await database.query('select from runledger.workflow_executions')).toEqual([]);
});

const batch = (more: Partial<UserBatch>): UserBatch => ({
  user: 'anna',
  executions: 0,
  others: 0,
  rows: 0,
  done: false,
  ...more,
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
      syncUsers: async () => ({ source: null, isMissing: false, added: 0, left: 0, done: true }),
      settleUsers: async () => {
        const next = batches.shift() as UserBatch;
        if (next === last) setTimeout(() => stop.abort());
        return next;
      },
    };
    await createUserKeeper({ ledger: fakeLedger, logger }).run(stop.signal);
    expect(batches).toHaveLength(1);
  }
});
