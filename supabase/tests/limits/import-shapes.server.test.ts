import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';
import { importAll, importBatch } from './import-calls.ts';
import { insertOld, resetOldTable } from './old-table.ts';

let ledger: LedgerDatabase;
beforeAll(async () => {
  ledger = await openLedger('postgres-17');
});
afterAll(() => ledger?.db.close());
beforeEach(async () => {
  await ledger.db.exec(
    'drop view if exists public.shaped_view; drop table if exists public.shaped; drop schema if exists app cascade',
  );
  await resetOldTable(ledger);
  for (let n = 0; n < 7; n += 1) await insertOld(ledger);
});

const asService = (source: string) => ledger.db.as('service_role', null, (session) => importBatch(session, { source }));

describe('what has no unique index of one column', () => {
  const PARTITIONED = `create table public.shaped (like public.workflow_executions, primary key (id, started_at)) partition by range (started_at);
    create table public.shaped_rest partition of public.shaped default;
    insert into public.shaped select * from public.workflow_executions`;
  const VIEW = 'create view public.shaped_view as select * from public.workflow_executions';

  test.each([
    ['a partitioned table', PARTITIONED, 'public.shaped'],
    ['a view', VIEW, 'public.shaped_view'],
  ])('%s is taken by the column that is named, page by page, once', async (_, sql, source) => {
    await ledger.db.exec(sql);
    await expect(importBatch(ledger.db, { source })).rejects.toMatchObject({
      message: `${source} has no key of one column, so that nothing says what tells its rows apart.`,
      hint: 'Say which column does: --key id (key of the options).',
    });
    const call = { source, options: { key: 'id' }, limit: 3 };
    expect(await importBatch(ledger.db, { ...call, limit: 10, dryRun: true })).toMatchObject({ taken: 7, refused: 0 });
    expect(await importAll(ledger.db, call)).toMatchObject({ rows: 7, taken: 7, refused: 0 });
    expect(await importAll(ledger.db, call)).toMatchObject({ rows: 7, known: 7 });
  });

  test('a column that does not tell rows apart is refused before anything is taken, with an example', async () => {
    await ledger.db.exec(VIEW);
    for (const dryRun of [true, false]) {
      const call = importBatch(ledger.db, { source: 'public.shaped_view', options: { key: 'status' }, dryRun });
      await expect(call).rejects.toMatchObject({
        code: 'PT400',
        message: expect.stringContaining(`rows 7, different values 1, 'success' more than once`),
      });
    }
    const none = importBatch(ledger.db, { source: 'public.shaped_view', options: { key: 'priority' } });
    await expect(none).rejects.toThrow('rows 7, different values 0, ');
    const missing = importBatch(ledger.db, { source: 'public.shaped_view', options: { key: 'number' } });
    await expect(missing).rejects.toThrow('has no column number');
    expect(await ledger.db.query('select from runledger.execution_import_rows')).toEqual([]);
  });
});

test('JSON that jsonb cannot hold is kept as text, and stops neither its row nor another', async () => {
  await ledger.db.exec(
    `create table public.shaped (id int primary key, workflow_id uuid, created_by text, status text, started_at timestamptz,
      completed_at timestamptz, input json, result json);
    insert into public.shaped select n, workflow_id, created_by, status, started_at, completed_at,
      ('{"n":' || n || case n when 2 then ',"nul":"\\u0000"' when 3 then ',"half":"\\ud83d"' else '' end || '}')::json, '"plain"'
      from public.workflow_executions, generate_series(1, 3) n limit 21;`.replace(
      'limit 21',
      `where id = (select id from public.workflow_executions limit 1)`,
    ),
  );
  expect(await importAll(ledger.db, { source: 'public.shaped' })).toMatchObject({ rows: 3, taken: 3, refused: 0 });
  const rows = await ledger.db.query<{ input: unknown; output: unknown }>(
    `select input, output from runledger.workflow_executions order by metadata #>> '{imported,row,key}'`,
  );
  expect(rows).toEqual([
    { input: { n: 1 }, output: 'plain' },
    { input: '{"n":2,"nul":"\\u0000"}', output: 'plain' },
    { input: '{"n":3,"half":"\\ud83d"}', output: 'plain' },
  ]);
});

test('a table or a schema that may not be read is refused with the grant that is missing', async () => {
  await ledger.db.exec(`create schema app; create table app.runs (like public.workflow_executions including all);
    create table public.shaped (like public.workflow_executions including all); revoke all on public.shaped from service_role`);
  await expect(asService('public.shaped')).rejects.toMatchObject({
    code: 'PT403',
    hint: 'As its owner: grant select on public.shaped to service_role.',
  });
  await expect(asService('app.runs')).rejects.toMatchObject({
    code: 'PT403',
    hint: 'As the owner: grant usage on schema app to service_role.',
  });
});

test('a blank status is a missing one, by its count and by the option that says what it means', async () => {
  await insertOld(ledger, { status: '  ' });
  await insertOld(ledger, { status: '' });
  await insertOld(ledger, { status: null });
  const options = { statuses: { none: 'failed' } };
  const [row] = await ledger.db.query<{ statuses: unknown[] }>(
    `select runledger.describe_import('public.workflow_executions', $1) -> 'statuses' as statuses`,
    [JSON.stringify(options)],
  );
  expect(row?.statuses).toContainEqual({ status: null, becomes: 'failed', rows: 3 });
  expect(await importAll(ledger.db, { options })).toMatchObject({ rows: 10, taken: 10 });
});
