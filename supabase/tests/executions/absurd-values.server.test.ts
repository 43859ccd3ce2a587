import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { insertExecution, openLedger, readExecution } from '../ledger-database.ts';

const NIL = '00000000-0000-0000-0000-000000000000';

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(async () => ledger?.db.close());

  const report = (id: string, completedAt: string, more: object = {}) =>
    ledger.db.query<{ result: string }>('select result from runledger.record_outcomes($1)', [
      JSON.stringify([
        { execution: id, status: 'completed', authority: 'reported', source: 'report', completedAt, ...more },
      ]),
    ]);

  test.each([
    ['2999-01-01T00:00:00Z', 'lies ahead'],
    ['infinity', 'lies ahead'],
    ['1970-01-21T10:05:00Z', 'lies before the start'],
    ['-infinity', 'lies before the start'],
  ])('an end reported at %s is refused with its field, and the execution stays open', async (at, fault) => {
    const id = await insertExecution(ledger);
    await expect(report(id, at)).rejects.toMatchObject({
      code: 'PT400',
      detail: expect.stringMatching(new RegExp(`^invalid_input {"completedAt": \\["${fault}`)),
    });
    await expect(
      ledger.db.query(
        `update runledger.workflow_executions set status = 'completed', completed_at = $2 where id = $1`,
        [id, at],
      ),
    ).rejects.toMatchObject({ code: 'PT400' });
    expect(await readExecution(ledger.db, id)).toMatchObject({ status: 'running' });
  });

  test('clocks may differ by minutes, and what the engine says is never refused', async () => {
    const skewed = await insertExecution(ledger);
    const at = new Date(Date.now() - 120_000).toISOString();
    expect(await report(skewed, at)).toEqual([{ result: 'applied' }]);
    const ended = await insertExecution(ledger);
    const engine = { authority: 'engine', source: 'feed', runId: 'first', firstRunId: 'first', runs: [] };
    expect(await report(ended, '2999-01-01T00:00:00Z', engine)).toEqual([{ result: 'applied' }]);
  });

  test.each(['2999-01-01T00:00:00Z', '1970-01-21T10:05:00Z'])('a start at %s is refused with its field', async (at) => {
    const { workflowId, id } = ledger.ada;
    const asked = JSON.stringify({ workflow_id: workflowId, created_by: id, started_at: at });
    await expect(ledger.db.query('select runledger.create_execution($1)', [asked])).rejects.toMatchObject({
      code: 'PT400',
      detail: expect.stringContaining('startedAt'),
    });
  });

  test('what stands for all in the counters is nobody and no workflow', async () => {
    await expect(
      ledger.db.query(
        `insert into runledger.workflows (id, user_id, name, workflow_type, task_queue) values ($1, $2, 'Nil', 'order', 'demo')`,
        [NIL, ledger.ada.id],
      ),
    ).rejects.toMatchObject({ constraint: 'workflow_id_is_not_the_nil_uuid' });
    // An application's own table of users has no rules of ours.
    await expect(
      ledger.db.transaction(async (db) => {
        await db.exec(
          `alter table runledger.users drop constraint user_id_is_not_empty; insert into runledger.users (id) values ('')`,
        );
        await db.query(`insert into runledger.workflow_executions (workflow_id, created_by) values ($1, '')`, [
          ledger.ada.workflowId,
        ]);
      }),
    ).rejects.toMatchObject({ constraint: 'user_id_is_not_empty' });
  });

  test.each([
    ['get_execution_stats(p_user_id => $1)', ''],
    ['get_workflow_counters(p_user_id => $1)', ''],
    ['get_top_workflows(p_user_id => $1)', ''],
    ['get_user_workflow_run_count($1)', ''],
    ['get_execution_stats(p_workflow_id => $1)', NIL],
    ['get_top_failures(p_workflow_id => $1)', NIL],
  ])('%s of %j is not everybody’s', async (call, id) => {
    await expect(ledger.db.query(`select * from runledger.${call}`, [id])).rejects.toMatchObject({ code: 'PT400' });
    const somebody = id === '' ? ledger.ada.id : ledger.ada.workflowId;
    await ledger.db.query(`select * from runledger.${call}`, [somebody]);
  });

  test('no table of the ledger can be truncated, not by a cascade either', async () => {
    await insertExecution(ledger);
    const refused = { code: 'PT409', message: expect.stringContaining('is part of the ledger') };
    const tables = await ledger.db.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'runledger'::regnamespace and relkind = 'r'`,
    );
    expect(tables.length).toBeGreaterThan(15);
    for (const { name } of tables)
      await expect(ledger.db.exec(`truncate runledger.${name} cascade`)).rejects.toMatchObject(refused);
    await expect(ledger.db.exec('truncate runledger.users cascade')).rejects.toMatchObject(refused);
    expect(await ledger.db.query('select count(*) > 0 as kept from runledger.workflow_executions')).toEqual([
      { kept: true },
    ]);
  });
});
