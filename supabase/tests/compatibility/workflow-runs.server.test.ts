import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { insertDirect, insertExecution, openLedger, readExecution, transitionsOf } from '../ledger-database.ts';

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind, { compatibility: true });
  });
  afterAll(() => ledger.db.close());

  async function insertRun(status = 'running'): Promise<string> {
    const [run] = await ledger.db.query<{ id: string }>(
      'insert into public.workflow_runs (user_id, workflow_id, status) values ($1, $2, $3) returning id',
      [ledger.ada.id, ledger.ada.workflowId, status],
    );
    return (run as { id: string }).id;
  }

  test('a run that is inserted through the view is a direct execution', async () => {
    const id = await insertRun();
    expect(await readExecution(ledger.db, id)).toMatchObject({
      engine: 'none',
      status: 'running',
      created_by: ledger.ada.id,
    });
    expect(await transitionsOf(ledger.db, id)).toHaveLength(1);
  });

  test('an update through the view ends it by the same rules', async () => {
    const id = await insertRun();
    await ledger.db.query(
      `update public.workflow_runs set status = 'failed', completed_at = now(), duration_ms = 12, error_details = '{"message":"no money"}' where id = $1`,
      [id],
    );
    expect(await readExecution(ledger.db, id)).toMatchObject({
      status: 'failed',
      outcome_authority: 'reported',
      duration_ms: 12,
      error_message: 'no money',
    });
    await expect(
      ledger.db.query(`update public.workflow_runs set status = 'completed' where id = $1`, [id]),
    ).rejects.toMatchObject({ code: 'PT409' });
  });

  test('complete_workflow_run ends a run once and says so', async () => {
    const id = await insertRun();
    const end = (status: string) =>
      ledger.db.query<{ r: string }>(`select public.complete_workflow_run($1, $2, 34, null, '{"step":3}') as r`, [
        id,
        status,
      ]);
    expect([await end('completed'), await end('failed')]).toEqual([[{ r: 'applied' }], [{ r: 'already_terminal' }]]);
    expect(await readExecution(ledger.db, id)).toMatchObject({
      status: 'completed',
      duration_ms: 34,
      state_snapshot: { step: 3 },
    });
  });

  test('complete_workflow_run takes what it can be called with, and refuses the rest in a sentence', async () => {
    await ledger.db.query(
      `select public.complete_workflow_run(run_id => $1, status => 'failed', error_details => '"just a message"')`,
      [await insertRun()],
    );
    await expect(
      ledger.db.query(`select public.complete_workflow_run('00000000-0000-7000-8000-000000000000', 'completed')`),
    ).rejects.toThrow('There is no workflow run');
    await expect(
      ledger.db.query(`select public.complete_workflow_run($1, 'running')`, [await insertRun()]),
    ).rejects.toThrow('not as running');
    await expect(ledger.db.query('select public.complete_workflow_run($1, null)', [await insertRun()])).rejects.toThrow(
      'not as null',
    );
  });

  test('complete_workflow_run_and_get_count returns the count with this run in it', async () => {
    const counting = { ...ledger, ada: ledger.bob };
    const count = async (status: string) => {
      const id = await insertExecution(counting, { temporal_workflow_id: null, temporal_run_id: null });
      const [row] = await ledger.db.query<{ n: number }>(
        'select public.complete_workflow_run_and_get_count($1, $2, 5) as n',
        [id, status],
      );
      return row?.n;
    };
    expect([await count('completed'), await count('failed'), await count('cancelled')]).toEqual([1, 2, 2]);
    const of = (...args: unknown[]) =>
      ledger.db.query<{ n: number }>(
        `select public.get_user_workflow_run_count(${args.map((_, i) => `$${i + 1}`).join(', ')}) as n`,
        args,
      );
    expect(await of(ledger.bob.id)).toEqual([{ n: 2 }]);
    expect(await of(ledger.bob.id, ledger.bob.workflowId)).toEqual([{ n: 2 }]);
    expect(await of(ledger.bob.id, ledger.ada.workflowId)).toEqual([{ n: 0 }]);
    expect(await of('a text user id')).toEqual([{ n: 0 }]);
    const [view] = await ledger.db.query(
      'select completed_count, failed_count, total_count, last_run_at from public.workflow_run_counts where user_id = $1',
      [ledger.bob.id],
    );
    expect(view).toMatchObject({
      completed_count: 1,
      failed_count: 1,
      total_count: 2,
      last_run_at: expect.any(String),
    });
  });

  test('the queries that users run by hand run unchanged, with a text user id', async () => {
    await ledger.db.query(`insert into runledger.users (id) values ('user_2xYz')`);
    const counting = { ...ledger, ada: { id: 'user_2xYz', workflowId: ledger.ada.workflowId } };
    const id = await insertExecution(counting, { temporal_workflow_id: null, temporal_run_id: null });
    await ledger.db.query(`select public.complete_workflow_run($1, 'completed', 1)`, [id]);
    const routines = await ledger.db.query<{ routine_name: string }>(
      `SELECT routine_name FROM information_schema.routines WHERE routine_schema = 'public' AND routine_name IN ('get_user_workflow_run_count', 'complete_workflow_run')`,
    );
    expect(new Set(routines.map(({ routine_name }) => routine_name))).toEqual(
      new Set(['get_user_workflow_run_count', 'complete_workflow_run']),
    );
    expect(
      await ledger.db.query(`SELECT public.get_user_workflow_run_count('YOUR_USER_ID', 'YOUR_WORKFLOW_ID')`),
    ).toEqual([{ get_user_workflow_run_count: 0 }]);
    expect(
      await ledger.db.query(`SELECT public.get_user_workflow_run_count('user_2xYz', '${ledger.ada.workflowId}')`),
    ).toEqual([{ get_user_workflow_run_count: 1 }]);
    const runs = await ledger.db.query<{ user_id: string }>(
      'SELECT id, user_id, workflow_id, status, started_at, completed_at FROM public.workflow_runs ORDER BY started_at DESC LIMIT 10',
    );
    expect(runs[0]).toMatchObject({ id, user_id: 'user_2xYz', status: 'completed' });
  });

  test('ids are taken as uuid and as text, in every mixture', async () => {
    const [owner] = await ledger.db.query<{ id: string }>(
      'insert into runledger.users (id) values (gen_random_uuid()::text) returning id',
    );
    const user = owner?.id as string;
    const ran = { ...ledger, ada: { id: user, workflowId: ledger.ada.workflowId } };
    const runs = await Promise.all(['uuid', 'text'].map(async (type) => ({ type, id: await insertDirect(ran) })));
    for (const { type, id } of runs)
      expect(await ledger.db.query(`select public.complete_workflow_run($1::${type}, 'completed') as r`, [id])).toEqual(
        [{ r: 'applied' }],
      );
    for (const workflow of ['uuid', 'text'])
      for (const who of ['uuid', 'text'])
        expect(
          await ledger.db.query(`select public.get_user_workflow_run_count($1::${who}, $2::${workflow}) as n`, [
            user,
            ledger.ada.workflowId,
          ]),
        ).toEqual([{ n: 2 }]);
    expect(await ledger.db.query('select public.get_user_workflow_run_count($1::uuid) as n', [user])).toEqual([
      { n: 2 },
    ]);
    for (const type of ['uuid', 'text'])
      expect(
        await ledger.db.query(`select public.complete_workflow_run_and_get_count($1::${type}, 'failed') as n`, [
          runs[0]?.id,
        ]),
      ).toEqual([{ n: 2 }]);
  });

  test('what hand-written services select of workflow_executions is there, under the caller’s row-level security', async () => {
    const id = await insertExecution(ledger, { input: '{"a":1}', metadata: '{"b":2}' });
    const columns = `id, workflow_id, created_by, temporal_workflow_id, temporal_run_id, status, started_at, completed_at,
      duration_ms, error_message, output, input, metadata, activities_executed`;
    const seenBy = (user: string) =>
      ledger.db.as('authenticated', user, (db) =>
        db.query(`select ${columns} from public.workflow_executions where id = $1`, [id]),
      );
    expect(await seenBy(ledger.ada.id)).toMatchObject([
      { id, created_by: ledger.ada.id, input: { a: 1 }, metadata: { b: 2 } },
    ]);
    expect(await seenBy(ledger.bob.id)).toEqual([]);
    await expect(
      ledger.db.as('anon', null, (db) => db.query('select id from public.workflow_executions')),
    ).rejects.toMatchObject({ code: '42501' });
    await expect(
      ledger.db.as('authenticated', ledger.ada.id, (db) =>
        db.query('insert into public.workflow_runs (workflow_id, user_id) values ($1, $2)', [
          ledger.ada.workflowId,
          ledger.ada.id,
        ]),
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });

  test('fix_stuck_runs ends old direct executions only', async () => {
    const old = { started_at: '2026-01-01T00:00:00Z' };
    const direct = await insertExecution(ledger, { ...old, temporal_workflow_id: null, temporal_run_id: null });
    const engine = await insertExecution(ledger, old);
    const young = await insertRun();
    const [fixed] = await ledger.db.query<{ n: number }>(`select public.fix_stuck_runs() as n`);
    expect(fixed?.n).toBe(1);
    expect(await readExecution(ledger.db, direct)).toMatchObject({ status: 'failed', failure: { type: 'StuckRun' } });
    expect(await readExecution(ledger.db, engine)).toMatchObject({ status: 'running' });
    expect(await readExecution(ledger.db, young)).toMatchObject({ status: 'running' });
  });
});
