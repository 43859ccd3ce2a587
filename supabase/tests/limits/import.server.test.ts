import { randomUUID } from 'node:crypto';
import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger, readExecution, transitionsOf } from '../ledger-database.ts';
import { dryRun, groupName, importAll, importBatch } from './import-calls.ts';
import { insertOld, reasonsOf, resetOldTable } from './old-table.ts';

describe.each(databaseKinds)('what an import takes on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  beforeEach(() => resetOldTable(ledger));
  afterAll(() => ledger.db.close());

  test('a row comes in whole, under its id, its history beginning with the import', async () => {
    const id = await insertOld(ledger, {
      input: JSON.stringify({ n: 1 }),
      result: '{"total": 7}',
      tags: ['a', ' b ', ''],
      metadata: JSON.stringify({ region: 'eu' }),
      state_snapshot: JSON.stringify([1]),
      duration_ms: 900,
      temporal_workflow_id: 'order-1',
      temporal_run_id: 'run-1',
    });
    expect(await importAll(ledger.db)).toMatchObject({ done: true, total: 1, rows: 1, taken: 1, known: 0, refused: 0 });
    expect(await readExecution(ledger.db, id)).toMatchObject({
      created_by: ledger.ada.id,
      workflow_id: ledger.ada.workflowId,
      status: 'completed',
      engine: 'temporal',
      temporal_namespace: 'default',
      temporal_workflow_id: 'order-1',
      temporal_run_id: 'run-1',
      outcome_authority: 'reported',
      input: { n: 1 },
      output: { total: 7 },
      tags: ['a', 'b'],
      metadata: { region: 'eu' },
      state_snapshot: [1],
      started_at: '2025-03-01 10:00:00.123456+00',
      completed_at: '2025-03-01 10:00:01.123456+00',
      duration_ms: 900,
    });
    expect(await transitionsOf(ledger.db, id)).toMatchObject([
      { from_status: null, to_status: 'completed', source: 'service', authority: 'reported', reason: 'imported' },
    ]);
    // It ended long ago: nobody asks Temporal about it, and no history is fetched.
    expect(await ledger.db.query('select from runledger.execution_checks')).toEqual([]);
    expect(await ledger.db.query('select from runledger.execution_timelines')).toEqual([]);
  });

  test.each([
    ['completed', ['success', 'SUCCEEDED', 'done', 'Completed', 'WORKFLOW_EXECUTION_STATUS_COMPLETED']],
    ['failed', ['error', 'errored', 'failure', 'failed']],
    ['cancelled', ['canceled', 'cancelled', 'aborted']],
    ['timed_out', ['timeout', 'timed-out', 'Timed Out', 'timed_out', 'TimedOut']],
    ['terminated', ['terminated', 'killed']],
    ['running', ['running', 'in_progress', 'in progress', 'started', 'active']],
    ['pending', ['pending', 'queued', 'scheduled']],
  ])('%s is spelled in many ways', async (status, spellings) => {
    const ids = await Promise.all(spellings.map((spelling) => insertOld(ledger, { status: spelling })));
    expect(await importAll(ledger.db)).toMatchObject({ taken: spellings.length, refused: 0 });
    for (const id of ids) expect((await readExecution(ledger.db, id)).status).toBe(status);
  });

  test('what cannot be taken is listed with its reason; taken, known and refused make up all rows', async () => {
    const ok = await insertOld(ledger);
    const bad: Record<string, [string, string | null]> = {
      [await insertOld(ledger, { status: 'weird' })]: ['its status is not known', 'weird'],
      [await insertOld(ledger, { status: null })]: ['its status is not known', 'none'],
      [await insertOld(ledger, { created_by: null })]: ['it names no user', null],
      [await insertOld(ledger, { created_by: 'nobody' })]: ['its user is not in runledger.users', 'nobody'],
      [await insertOld(ledger, { workflow_id: null })]: ['it names no workflow', null],
      [await insertOld(ledger, { started_at: null })]: ['its start is missing, or cannot be read', null],
      [await insertOld(ledger, { started_at: 'infinity' })]: ['its start is missing, or cannot be read', 'infinity'],
      [await insertOld(ledger, { started_at: '0001-01-01T00:00:00Z' })]: [
        'its start is missing, or cannot be read',
        '0001-01-01T00:00:00+00:00',
      ],
      [await insertOld(ledger, { started_at: '2999-01-01T00:00:00Z' })]: [
        'its start lies in the future',
        '2999-01-01 00:00:00+00',
      ],
      [await insertOld(ledger, { completed_at: null })]: [
        'it has ended, but neither its end nor its duration can be read',
        null,
      ],
      [await insertOld(ledger, { completed_at: '2999-01-01T00:00:00Z' })]: [
        'its end lies in the future',
        '2999-01-01T00:00:00+00:00',
      ],
      [await insertOld(ledger, { tags: Array.from({ length: 51 }, (_, i) => `t${i}`) })]: [
        'it has more than 50 tags',
        '51',
      ],
      [await insertOld(ledger, { temporal_workflow_id: 'x'.repeat(1_001) })]: [
        'its Temporal workflow id has more than 1,000 bytes',
        'x'.repeat(500),
      ],
    };
    const refused = Object.keys(bad).length;
    const dry = await dryRun(ledger.db, { limit: 4 });
    expect(await ledger.db.query('select from runledger.workflow_executions')).toEqual([]);
    expect(await ledger.db.query('select from runledger.execution_imports')).toEqual([]);
    const answer = await importAll(ledger.db, { limit: 4 });
    expect(answer).toMatchObject({ rows: refused + 1, taken: 1, known: 0, refused });
    expect(await reasonsOf(ledger)).toEqual(bad);
    expect(Object.fromEntries(answer.groups.map((group) => [groupName(group), group.rows]))).toEqual(dry);
    expect(answer.groups.filter(({ result }) => result === 'refused').reduce((n, group) => n + group.rows, 0)).toBe(
      refused,
    );
    expect((await readExecution(ledger.db, ok)).status).toBe('completed');
  });

  test('numbers come in to the last digit, and json that no jsonb holds stays the text that it is', async () => {
    const exact = '{"id": 9007199254740993, "sum": 0.12345678901234567890}';
    // PGlite's own stack is smaller than what it believes, and ends it.
    const levels = kind === 'pglite' ? 0 : 50_000;
    const deep = levels === 0 ? '[unclosed' : `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const texts = [exact, '{"a":"\\u0000"}', '{"a":1e999999}', deep];
    const ids = await Promise.all(texts.map((result) => insertOld(ledger, { result })));
    expect(await importAll(ledger.db)).toMatchObject({ rows: texts.length, taken: texts.length });
    const rows = await ledger.db.query<{ id: string; json: string; text: string }>(
      `select id, output::text as json, output #>> '{}' as text from runledger.workflow_executions where id = any ($1)`,
      [ids],
    );
    const textOf = (index: number) => rows.find(({ id }) => id === ids[index]);
    expect(textOf(0)?.json).toBe(exact);
    for (const index of [1, 2, 3]) expect(textOf(index)?.text).toBe(texts[index]);
  });

  test('a row whose text jsonb cannot hold is taken with that text, and stops no other', async () => {
    await ledger.db.exec('alter table public.workflow_executions add column raw json');
    const raw = '{"a":"\\u0000"}';
    await insertOld(ledger);
    const id = await insertOld(ledger, { raw });
    await insertOld(ledger);
    const options = { keep_rest: true };
    expect(await importAll(ledger.db, { options })).toMatchObject({ rows: 3, taken: 3, refused: 0 });
    const kept = `select metadata #>> '{imported,raw}' as raw from runledger.workflow_executions where id = $1`;
    expect(await ledger.db.query(kept, [id])).toEqual([{ raw }]);
  });

  test('failures keep their message and their details', async () => {
    const failed = { status: 'failed' };
    const object = await insertOld(ledger, {
      ...failed,
      error_details: JSON.stringify({ message: 'card declined', code: 7 }),
    });
    const text = await insertOld(ledger, { ...failed, error_details: JSON.stringify('card declined') });
    const long = await insertOld(ledger, { ...failed, error_details: JSON.stringify('x'.repeat(5_000)) });
    const nothing = await insertOld(ledger, failed);
    await importAll(ledger.db);
    expect(await readExecution(ledger.db, object)).toMatchObject({
      error_message: 'card declined',
      failure: { message: 'card declined', code: 7 },
    });
    expect(await readExecution(ledger.db, text)).toMatchObject({ error_message: 'card declined', failure: null });
    expect(await readExecution(ledger.db, long)).toMatchObject({
      error_message: 'x'.repeat(4_000),
      failure: 'x'.repeat(5_000),
    });
    expect((await readExecution(ledger.db, nothing)).error_message).toContain('no reason was given');
  });

  test('workflows that are missing are made once, with the name and owner they had', async () => {
    const [known, unknown] = [randomUUID(), randomUUID()];
    await ledger.db.exec(`create table public.workflows (id uuid primary key, user_id text, name text);
      insert into public.workflows values ('${known}', '${ledger.bob.id}', 'Invoices')`);
    for (const id of [known, known, unknown]) await insertOld(ledger, { workflow_id: id });
    await importAll(ledger.db);
    expect(
      await ledger.db.query(
        `select id, user_id, name, task_queue from runledger.workflows where id = any ($1) order by name = 'Invoices' desc`,
        [[known, unknown]],
      ),
    ).toEqual([
      { id: known, user_id: ledger.bob.id, name: 'Invoices', task_queue: 'imported' },
      { id: unknown, user_id: ledger.ada.id, name: unknown, task_queue: 'imported' },
    ]);
  });

  test('other names, keys and types: a table in camelCase with numbers for ids, times and texts for everything', async () => {
    await ledger.db.exec(`create table public.workflow_runs (
      id bigint primary key, "userId" text, "workflowName" text, state text, "startedAt" bigint, "finishedAt" text, "error" text, labels text)`);
    await ledger.db.query(
      `insert into public.workflow_runs values
         (1, 'new-1', 'send-mail', 'OK', 1740823200123, '2025-03-01 10:00:02', null, 'a, b'),
         (2, 'new-1', 'send-mail', 'paused', 1740823200, 'never', 'boom', null),
         (10, null, 'send-mail', 'error', 1740823200, '2025-02-31', 'boom', null)`,
    );
    const call = {
      source: 'workflow_runs',
      options: {
        create_users: true,
        keep_rest: true,
        user: ledger.ada.id,
        statuses: { paused: 'running' },
        columns: { tags: 'labels' },
      },
      limit: 1,
    };
    expect(await importAll(ledger.db, { ...call, dryRun: true })).toMatchObject({ done: true });
    expect(await ledger.db.query(`select id from runledger.users where id = 'new-1'`)).toEqual([]);
    expect(await importAll(ledger.db, call)).toMatchObject({ rows: 3, taken: 2, refused: 1 });
    const rows = await ledger.db.query(
      `select e.id, e.created_by, w.name, e.status, e.started_at, e.completed_at, e.tags, e.error_message
         from runledger.workflow_executions e join runledger.workflows w on w.id = e.workflow_id order by e.status`,
    );
    expect(rows).toMatchObject([
      {
        created_by: 'new-1',
        name: 'send-mail',
        status: 'completed',
        started_at: '2025-03-01 10:00:00.123+00',
        completed_at: '2025-03-01 10:00:02+00',
        tags: ['a', 'b'],
      },
      {
        created_by: 'new-1',
        name: 'send-mail',
        status: 'running',
        started_at: '2025-03-01 10:00:00+00',
        error_message: 'boom',
      },
    ]);
    expect(await reasonsOf(ledger)).toEqual({
      '10': ['it has ended, but neither its end nor its duration can be read', '2025-02-31'],
    });
    // The ids are made of the old ones: the same ones every time.
    const [made] = await ledger.db.query<{ id: string }>(
      `select execution_id as id from runledger.execution_import_rows where source_id = '1'`,
    );
    expect([made?.id, made?.id[14]]).toEqual([(rows[0] as { id: string }).id, '8']);
  });

  test('what an import would read is described, column by column and status by status', async () => {
    await insertOld(ledger);
    await insertOld(ledger, { status: 'weird' });
    const [row] = await ledger.db.query<{ d: { columns: { column: string; takenAs: string | null }[] } }>(
      `select runledger.describe_import(p_options => '{"columns": {"output": null}}') as d`,
    );
    expect(row?.d).toMatchObject({
      source: 'public.workflow_executions',
      key: 'id',
      rows: 2,
      statuses: [
        { status: 'success', becomes: 'completed', rows: 1 },
        { status: 'weird', becomes: null, rows: 1 },
      ],
    });
    const taken = Object.fromEntries(row?.d.columns.map(({ column, takenAs }) => [column, takenAs]) ?? []);
    expect(taken).toMatchObject({ created_by: 'user', error_details: 'failure', result: null, priority: null });
  });

  test('a table that cannot be imported is refused with what to do', async () => {
    await ledger.db.exec(`create table if not exists public.no_key (a int);
      create or replace view public.seen_through_a_view as select id, status from runledger.workflow_executions`);
    const refusals: [string | null, object, string, string][] = [
      ['nowhere', {}, 'PT404', 'There is no table nowhere'],
      ['"; drop table x', {}, 'PT404', 'There is no table'],
      ['no_key', {}, 'PT400', 'has no key of one column'],
      ['runledger.workflow_executions', {}, 'PT400', 'is the ledger itself'],
      ['seen_through_a_view', {}, 'PT400', 'is the ledger itself'],
      ['workflow_executions', { columns: { status: 'nope' } }, 'PT400', 'cannot be read like this: status=nope'],
      ['workflow_executions', { columns: { colour: 'status' } }, 'PT400', 'cannot be read like this: colour=status'],
      ['workflow_executions', { statuses: { a: 'gone' } }, 'PT400', 'no such status: a=gone'],
      ['workflow_executions', { workflows: { a: 'x' } }, 'PT404', 'no such workflow: a=x'],
    ];
    for (const [source, options, code, message] of refusals)
      await expect(importBatch(ledger.db, { source, options })).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message),
      });
    await ledger.db.exec('drop table public.workflow_executions; drop table if exists public.workflow_runs');
    await expect(importBatch(ledger.db)).rejects.toThrow(
      'There is no table public.workflow_executions and no table public.workflow_runs',
    );
  });
});
