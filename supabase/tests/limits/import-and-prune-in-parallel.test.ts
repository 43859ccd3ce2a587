import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';
import { importAll } from './import-calls.ts';

let ledger: LedgerDatabase;
beforeAll(async () => {
  ledger = await openLedger('postgres-17');
});
beforeEach(() =>
  ledger.db.exec(`
    delete from runledger.workflow_executions; delete from runledger.execution_imports; delete from runledger.execution_import_rows;
    drop table if exists public.workflow_runs;
    create table public.workflow_runs (id uuid primary key default gen_random_uuid(), user_id text, workflow_id uuid, status text,
      started_at timestamptz default now(), temporal_workflow_id text, temporal_run_id text);
    insert into public.workflow_runs (user_id, workflow_id, status, temporal_workflow_id, temporal_run_id)
      select '${ledger.ada.id}', '${ledger.ada.workflowId}', 'running', 'w' || n, 'r' || n from generate_series(1, 300) n`),
);
afterAll(() => ledger.db.close());

const runsTwice = () =>
  ledger.db.query(`select temporal_workflow_id from runledger.workflow_executions group by 1 having count(*) > 1`);

test('three imports at once take every row once', async () => {
  const answers = await Promise.all([7, 13, 29].map((limit) => importAll(ledger.db, { limit })));
  for (const answer of answers)
    expect(answer).toMatchObject({ done: true, rows: 300, taken: 300, known: 0, refused: 0 });
  expect(await ledger.db.query('select count(*)::int as n from runledger.workflow_executions')).toEqual([{ n: 300 }]);
});

test('runs that the application registers and the feed adopts while they are imported are one execution each', async () => {
  const { db, ada } = ledger;
  const order = Array.from({ length: 300 }, (_, i) => i + 1).sort(() => Math.random() - 0.5);
  const register = async () => {
    for (const n of order)
      await db.query('select runledger.create_execution($1::jsonb)', [
        JSON.stringify({
          workflow_id: ada.workflowId,
          created_by: ada.id,
          temporal_workflow_id: `w${n}`,
          ...(n % 2 ? { temporal_run_id: `r${n}` } : {}),
        }),
      ]);
  };
  const adopt = async () => {
    for (let at = 0; at < 300; at += 20) {
      const runs = order.slice(at, at + 20).map((n) => ({
        namespace: 'default',
        temporalWorkflowId: `w${n}`,
        firstRunId: `r${n}`,
        workflowType: 'order',
        taskQueue: 'demo',
        userId: ada.id,
        startedAt: '2026-01-01T00:00:00Z',
      }));
      await db.query('select runledger.adopt_executions($1::jsonb)', [JSON.stringify(runs)]);
    }
  };
  const [answer] = await Promise.all([importAll(db, { limit: 20 }), register(), adopt()]);
  expect(answer.rows).toBe(300);
  expect(answer.taken + answer.refused).toBe(300);
  expect(await runsTwice()).toEqual([]);
  expect(await db.query('select count(*)::int as n from runledger.workflow_executions')).toEqual([{ n: 300 }]);
});

test.each([
  ['timelines that are saved', 0],
  ['users who are deleted', 3],
] as const)(
  'of three prunes at once one goes through; %s meanwhile never wait for it in a circle',
  async (_, deleted) => {
    const { db } = ledger;
    const users = Array.from({ length: 6 }, () => randomUUID());
    await db.query('insert into runledger.users (id) select unnest($1::text[])', [users]);
    await db.query(
      `insert into runledger.workflow_executions (workflow_id, created_by, engine, temporal_namespace, temporal_workflow_id, temporal_run_id, current_run_id,
         closing_run_id, status, outcome_authority, input, started_at, completed_at)
     select $1, ($2::text[])[1 + n % 6], 'temporal', 'default', 'p' || n, 'r', 'r', 'r', 'completed', 'engine', '{}', now() - d, now() - d
       from generate_series(1, 1200) n, lateral (select case when n % 4 < 2 then interval '400 days' else interval '40 days' end as d) x`,
      [ledger.ada.workflowId, users],
    );
    const rows = await db.query<{ id: string }>('select id from runledger.workflow_executions');
    const ids = rows.map(({ id }) => id).sort(() => Math.random() - 0.5);
    const prune = async () => {
      const run = randomUUID();
      for (;;) {
        const [row] = await db.query<{ answer: { done: boolean; rows: { due: number } } }>(
          `select runledger.prune_executions('{"payloads": "30 days", "timelines": "35 days", "rows": "365 days"}', $1, 60) as answer`,
          [run],
        );
        if (row?.answer.done) return row.answer;
      }
    };
    const saveTimelines = async () => {
      for (let at = 0; at < ids.length; at += 50) {
        const saved = ids.slice(at, at + 50).map((execution) => ({
          execution,
          closingRunId: 'r',
          timeline: { state: 'complete', steps: [], omitted: {}, activitiesExecuted: 1 },
        }));
        await db.query('select runledger.save_timelines($1::jsonb)', [JSON.stringify(saved)]);
      }
    };
    const deleteUsers = async () => {
      for (const user of users.slice(0, deleted)) await db.query('delete from runledger.users where id = $1', [user]);
    };
    const settled = await Promise.allSettled([
      prune(),
      prune(),
      prune(),
      deleted > 0 ? deleteUsers() : saveTimelines(),
    ]);
    const refused = settled.flatMap((s) => (s.status === 'rejected' ? [s.reason.code] : []));
    expect(refused).toEqual(['PT409', 'PT409']);
    expect(await db.query('select count(*)::int as n from runledger.workflow_executions')).toEqual([
      { n: 100 * (6 - deleted) },
    ]);
    expect(await db.query('select from runledger.workflow_executions where input is not null')).toEqual([]);
    for (const user of users.slice(deleted)) {
      expect(await db.query('select runledger.get_user_workflow_run_count($1) as n', [user])).toEqual([{ n: 200 }]);
      expect(await db.query('select * from runledger.verify_execution_stats($1)', [user])).toEqual([]);
    }
  },
);

test('whoever only looks whether a prune is under way never sends the one away that is', async () => {
  await ledger.db.exec('delete from runledger.execution_prunes');
  const owner = randomUUID();
  const batch = (run: string) =>
    ledger.db.query(`select runledger.prune_executions('{"rows": "365 days"}', $1, 1)`, [run]);
  await ledger.db.query(
    `insert into runledger.workflow_executions (workflow_id, created_by) select $1::uuid, $2 from generate_series(1, 100)`,
    [ledger.ada.workflowId, ledger.ada.id],
  );
  await batch(owner);
  let looks = 0;
  const look = async () => {
    for (let n = 0; n < 60; n++) {
      await expect(batch(randomUUID())).rejects.toMatchObject({ code: 'PT409' });
      looks++;
    }
  };
  const go = async () => {
    for (let n = 0; n < 60; n++) await batch(owner);
  };
  await Promise.all([go(), look(), look(), look()]);
  expect(looks).toBe(180);
});
