import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';
import { createRetentionService } from './retention-service.ts';

const LIMIT_MS = 1_000;

let api: LedgerApi;
beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  api = await openLedgerApi('postgres-17');
  await api.supabase.database.exec(`
    create sequence slow_calls;
    create function slow() returns trigger language plpgsql as $$ begin
      if tg_argv[0] = 'count' then perform nextval('public.slow_calls'); end if;
      perform pg_sleep(tg_argv[1]::float8);
      return case when tg_op = 'DELETE' then old else new end;
    end $$;
    do $$ begin execute format('alter role service_role in database %I set statement_timeout = ''${LIMIT_MS}ms''', current_database()); end $$;`);
  await api.supabase.reloadSchema();
});
afterAll(async () => api?.close());

/** Every row of a table takes so long: a statement about many of them is longer than the limit, one about few is not. */
async function slowDown(table: string, on: 'delete' | 'update', seconds: number, kind = 'row') {
  const { database } = api.supabase;
  await database.exec(
    `create trigger aaa_slow before ${on} on ${table} for each row execute function slow('${kind}', '${seconds}')`,
  );
  return { [Symbol.asyncDispose]: () => database.exec(`drop trigger aaa_slow on ${table}`) };
}

const insertEnded = (count: number) =>
  api.supabase.database.query(
    `insert into runledger.workflow_executions (workflow_id, created_by, status, started_at, completed_at)
     select $1, $2, 'completed', now() - interval '40 days', now() - interval '40 days' from generate_series(1, $3::int)`,
    [api.workflow.id, api.ada.id, count],
  );

beforeEach(async () => {
  await api.supabase.database.query('delete from runledger.workflow_executions');
});

test('a call that the database cancelled is named, in plain words, and not sent again', async () => {
  const { id } = await api.service.createExecution({ workflowId: api.workflow.id, userId: api.ada.id });
  await using _ = await slowDown('runledger.workflow_executions', 'update', 30, 'count');
  const report = api.service.markCompleted(id);
  await expect(report).rejects.toMatchObject({
    code: 'took_too_long',
    message: expect.stringMatching(/^The database cancelled rpc\/record_outcomes after its time limit/),
  });
  expect(await api.supabase.database.query('select last_value::int as calls from slow_calls')).toEqual([{ calls: 1 }]);
});

test('retention goes in smaller parts where the database cancels large ones, and removes all that is due', async () => {
  await insertEnded(150);
  await using _ = await slowDown('runledger.workflow_executions', 'delete', 0.015);
  const sizes: number[] = [];
  const report = await createRetentionService(api.admin).prune(
    { rowsMs: 86_400_000 },
    { batch: 150, onProgress: ({ examined }) => sizes.push(examined) },
  );
  expect(report).toMatchObject({ examined: 150, rows: { before: 150, due: 150 } });
  expect(sizes.length).toBeGreaterThan(2);
  expect(await api.supabase.database.query('select id from runledger.workflow_executions')).toEqual([]);
});

test("a workflow's executions are deleted in smaller parts", async () => {
  await insertEnded(150);
  await using _ = await slowDown('runledger.workflow_executions', 'delete', 0.015);
  expect(await api.service.deleteWorkflowExecutions(api.workflow.id)).toBe(150);
});

test('old changes are removed in smaller parts, all of them', async () => {
  await api.supabase.database.query(`delete from runledger.execution_changes`);
  await api.supabase.database.query(
    `insert into runledger.execution_changes (execution_id, created_by, workflow_id, revision, changed_at)
     select gen_random_uuid(), $1, $2, 1, now() - interval '2 hours' from generate_series(1, 150)`,
    [api.ada.id, api.workflow.id],
  );
  await using _ = await slowDown('runledger.execution_changes', 'delete', 0.015);
  expect(await api.ledger.trimChanges()).toBe(150);
  expect(await api.supabase.database.query('select 1 from runledger.execution_changes')).toEqual([]);
});
