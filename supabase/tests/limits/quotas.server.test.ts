import { randomUUID } from 'node:crypto';
import { databaseKinds, withinOneHour } from '@runledger/local-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { insertDirect, insertExecution, openLedger, outcome, recordOutcomes, report } from '../ledger-database.ts';
import { admissions, admit, insertQuota, quotasOf, refusalOf } from './quota-calls.ts';

describe.each(databaseKinds)('quotas on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  beforeEach(async () => {
    await withinOneHour();
    await ledger.db.exec(`delete from runledger.execution_quotas; delete from runledger.workflow_executions`);
  });
  afterAll(() => ledger.db.close());

  test('without a quota nobody is limited, and nothing is written beside the execution', async () => {
    await admissions(ledger, 3);
    expect(await ledger.db.query('select * from runledger.execution_quota_usage')).toEqual([]);
    expect(await quotasOf(ledger, ledger.ada.id)).toEqual([]);
  });

  test.each([
    ['executions_per_hour', 'executionsPerHour', 'hour'],
    ['executions_per_day', 'executionsPerDay', 'day'],
    ['executions_per_month', 'executionsPerMonth', 'month'],
  ])(
    '%s: the run after the last one is refused with the limit, what is used and when it frees',
    async (column, name, unit) => {
      await insertQuota(ledger, { user_id: ledger.ada.id, [column]: 2 });
      await admissions(ledger, 2);
      const refusal = await refusalOf(admit(ledger));
      const [{ frees } = { frees: '' }] = await ledger.db.query<{ frees: string }>(
        `select to_char((date_trunc('${unit}', clock_timestamp(), 'UTC') at time zone 'UTC' + interval '1 ${unit}'), 'YYYY-MM-DD HH24:MI') as frees`,
      );
      expect(refusal).toMatchObject({
        code: 'PT429',
        message: `Only 2 executions ${unit === 'hour' ? 'an' : 'a'} ${unit} may be started in all workflows together, and 2 of them are used.`,
        hint: `Try again at ${frees} UTC.`,
        quota: { kind: name, limit: 2, used: 2, workflowId: null },
      });
      expect(Date.parse(refusal.quota.freesAt as string)).toBe(Date.parse(`${frees.replace(' ', 'T')}Z`));
    },
  );

  test('what is used of an hour is forgotten in the next one, and goes on counting for the day', async () => {
    await insertQuota(ledger, { user_id: ledger.ada.id, executions_per_hour: 1, executions_per_day: 2 });
    await admit(ledger);
    const anHourLater = () =>
      ledger.db.exec(`update runledger.execution_quota_usage set hour = hour - interval '1 hour'`);
    await anHourLater();
    await admit(ledger);
    // In the last hour of a day both are free again at midnight: only the day is used up here.
    await anHourLater();
    expect((await refusalOf(admit(ledger))).quota).toMatchObject({ kind: 'executionsPerDay', limit: 2, used: 2 });
  });

  test('a clock that goes back does not hand out the hour a second time', async () => {
    await insertQuota(ledger, { user_id: ledger.ada.id, executions_per_hour: 1 });
    await admit(ledger);
    await ledger.db.exec(`update runledger.execution_quota_usage set hour = hour + interval '1 hour'`);
    expect((await refusalOf(admit(ledger))).quota).toMatchObject({ used: 1 });
  });

  test('concurrent runs free when one ends, by a report or by the engine, and not before', async () => {
    await insertQuota(ledger, { user_id: ledger.ada.id, concurrent_executions: 2 });
    const [first, second] = await admissions(ledger, 2);
    const refusal = await refusalOf(admit(ledger));
    expect(refusal).toMatchObject({
      message: 'Only 2 executions at a time may be open in all workflows together, and 2 are.',
      hint: 'Try again when one of them has ended.',
      quota: { kind: 'concurrentExecutions', limit: 2, used: 2, freesAt: null, workflowId: null },
    });
    await recordOutcomes(ledger.db, [report(first as string, 'completed')]);
    const third = await admit(ledger);
    await refusalOf(admit(ledger));
    await recordOutcomes(ledger.db, [outcome(second as string, 'failed', { runId: 'r', firstRunId: 'r', runs: [] })]);
    await admit(ledger);
    expect(third).not.toBe(first);
  });

  test('what a service recorded is never refused, and counts as open', async () => {
    await insertQuota(ledger, { user_id: ledger.ada.id, concurrent_executions: 1, executions_per_hour: 5 });
    await insertDirect(ledger);
    await insertExecution(ledger);
    expect((await refusalOf(admit(ledger))).quota).toMatchObject({ kind: 'concurrentExecutions', used: 1 });
    expect(await quotasOf(ledger, ledger.ada.id)).toMatchObject([
      { kind: 'executionsPerHour', limit: 5, used: 0 },
      { kind: 'concurrentExecutions', limit: 1, used: 1, freesAt: null },
    ]);
  });

  test('a repeat under the same idempotency key or the same id is the same execution, and is charged once', async () => {
    await insertQuota(ledger, { user_id: ledger.ada.id, executions_per_hour: 1, concurrent_executions: 1 });
    const key = { idempotency_key: 'k', input_hash: 'h' };
    const id = randomUUID();
    expect(await admit(ledger, { id, ...key })).toBe(id);
    expect(await admit(ledger, key)).toBe(id);
    // The attempt came through and only its answer was lost: the next one carries its id.
    expect(await admit(ledger, { id })).toBe(id);
    expect(await quotasOf(ledger, ledger.ada.id)).toMatchObject([{ used: 1 }, { used: 1 }]);
  });

  test('what was refused or rolled back is not charged', async () => {
    await insertQuota(ledger, { user_id: ledger.ada.id, executions_per_day: 3, concurrent_executions: 1 });
    const rolledBack = ledger.db.transaction(async (db) => {
      await admit({ ...ledger, db: { ...ledger.db, ...db } });
      throw new Error('the caller changed its mind');
    });
    await expect(rolledBack).rejects.toThrow('changed its mind');
    await admit(ledger);
    await refusalOf(admit(ledger));
    await refusalOf(admit(ledger));
    expect(await quotasOf(ledger, ledger.ada.id)).toMatchObject([{ kind: 'executionsPerDay', used: 1 }, { used: 1 }]);
  });

  test('deleting an execution gives no run back', async () => {
    await insertQuota(ledger, { user_id: ledger.ada.id, executions_per_month: 1 });
    await admit(ledger);
    await ledger.db.exec('delete from runledger.workflow_executions');
    expect((await refusalOf(admit(ledger))).quota).toMatchObject({ kind: 'executionsPerMonth', used: 1 });
  });

  test('the quota of every user holds for each by itself, and one that names a user stands in its place', async () => {
    const { ada, bob } = ledger;
    await insertQuota(ledger, { executions_per_hour: 1 });
    await admit(ledger);
    await refusalOf(admit(ledger));
    await admit(ledger, { created_by: bob.id });
    await insertQuota(ledger, { user_id: ada.id, executions_per_hour: 3 });
    await admissions(ledger, 3);
    await refusalOf(admit(ledger));
    await insertQuota(ledger, { user_id: bob.id });
    await admit(ledger, { created_by: bob.id });
    expect(await quotasOf(ledger, bob.id)).toEqual([]);
  });

  test('a workflow’s quota and the one for all workflows hold both, and the one that frees last is told', async () => {
    const { ada } = ledger;
    await insertQuota(ledger, { workflow_id: ada.workflowId, executions_per_hour: 1, concurrent_executions: 1 });
    await insertQuota(ledger, { user_id: ada.id, executions_per_day: 1 });
    await admit(ledger);
    const refusal = await refusalOf(admit(ledger));
    expect(refusal.quota).toMatchObject({ kind: 'executionsPerDay', workflowId: null });
    await ledger.db.exec('update runledger.execution_quotas set executions_per_day = 2 where user_id is not null');
    expect(await refusalOf(admit(ledger))).toMatchObject({
      message: 'Only 1 execution an hour may be started of the workflow "Order", and 1 of them is used.',
      quota: { kind: 'executionsPerHour', workflowId: ada.workflowId },
    });
    await admit(ledger, { workflow_id: ledger.bob.workflowId });
    expect(await quotasOf(ledger, ada.id, ada.workflowId)).toMatchObject([
      { kind: 'executionsPerHour', used: 1, workflowId: ada.workflowId },
      { kind: 'concurrentExecutions', used: 1, workflowId: ada.workflowId },
      { kind: 'executionsPerDay', limit: 2, used: 2, workflowId: null },
    ]);
  });

  test('a limit of none refuses everything, and says whom to ask', async () => {
    await insertQuota(ledger, { workflow_id: ledger.ada.workflowId, concurrent_executions: 0 });
    expect(await refusalOf(admit(ledger))).toMatchObject({
      message: 'Only 0 executions at a time may be open of the workflow "Order", and none is allowed.',
      hint: 'The operator has closed it; ask them.',
      quota: { limit: 0, used: 0 },
    });
  });

  test('limits of other people’s private workflows are not told', async () => {
    await insertQuota(ledger, { workflow_id: ledger.ada.workflowId, executions_per_hour: 7 });
    expect(await quotasOf(ledger, ledger.bob.id)).toEqual([]);
    expect(await quotasOf(ledger, ledger.ada.id)).toMatchObject([{ limit: 7 }]);
    for (const nobody of ['nobody', '', '\u{1F600}'.repeat(1_000)]) expect(await quotasOf(ledger, nobody)).toEqual([]);
  });

  test('set merges limits, null takes one away, and there is one quota for a user and a workflow', async () => {
    const set = (quota: object) =>
      ledger.db.query('select * from runledger.set_quota($1::jsonb)', [JSON.stringify(quota)]);
    const scope = { user_id: null, workflow_id: null };
    await set({ ...scope, executions_per_hour: 5, concurrent_executions: 2 });
    const [merged] = await set({ ...scope, executions_per_day: 9, concurrent_executions: null });
    expect(merged).toMatchObject({
      executions_per_hour: 5,
      executions_per_day: 9,
      executions_per_month: null,
      concurrent_executions: null,
    });
    expect(await ledger.db.query('select id from runledger.execution_quotas')).toHaveLength(1);
    await expect(set({ ...scope, executions_per_hour: -1 })).rejects.toMatchObject({ code: '23514' });
    await expect(set({ ...scope, user_id: 'nobody' })).rejects.toMatchObject({ code: '23503' });
    for (const nothing of ['null', '7', '[]', '"x"'])
      expect(await ledger.db.query('select * from runledger.set_quota($1::jsonb)', [nothing]).catch(() => [])).toEqual(
        [],
      );
  });

  test('a user sees the quota that names them and what they used, nobody else’s, and writes neither', async () => {
    const { ada, bob } = ledger;
    for (const user of [ada, bob]) {
      await insertQuota(ledger, { user_id: user.id, executions_per_hour: 5 });
      await admit(ledger, { created_by: user.id });
    }
    for (const table of ['execution_quotas', 'execution_quota_usage']) {
      const seen = await ledger.db.as('authenticated', ada.id, (db) =>
        db.query(`select user_id from runledger.${table}`),
      );
      expect(seen).toEqual([{ user_id: ada.id }]);
      for (const write of [`delete from runledger.${table}`, `update runledger.${table} set user_id = null`])
        await expect(ledger.db.as('authenticated', ada.id, (db) => db.query(write))).rejects.toMatchObject({
          code: '42501',
        });
    }
  });
});
