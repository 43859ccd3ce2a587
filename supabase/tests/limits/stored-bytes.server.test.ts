import { randomBytes, randomUUID } from 'node:crypto';
import { databaseKinds } from '@runledger/local-stack';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { insertDirect, openLedger, recordOutcomes, report } from '../ledger-database.ts';
import { admit, insertQuota, quotasOf, refusalOf } from './quota-calls.ts';

/** What compression does not make smaller. */
const payload = (bytes: number) => ({ text: randomBytes(bytes / 2).toString('hex') });

/** Counted from the rows themselves. */
const RECOUNT = `
  select coalesce(sum(coalesce(pg_column_size(input), 0) + coalesce(pg_column_size(output), 0)
       + coalesce(pg_column_size(failure), 0) + coalesce(pg_column_size(error_message), 0)
       + coalesce(pg_column_size(state_snapshot), 0) + coalesce(pg_column_size(metadata), 0)), 0)::int as bytes
    from runledger.workflow_executions where created_by = $1`;

describe.each(databaseKinds)('stored bytes on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterEach(() => ledger.db.exec('delete from runledger.execution_quotas; delete from runledger.workflow_executions'));
  afterAll(() => ledger.db.close());

  const fold = () => ledger.db.query('select runledger.fold_execution_stats()');
  const bytesOf = async (sql: string, user: string) =>
    (await ledger.db.query<{ bytes: number }>(sql, [user]))[0]?.bytes ?? 0;
  const kept = (user = ledger.ada.id) => bytesOf('select runledger_private.stored_bytes_of($1)::int as bytes', user);
  const recounted = async (user = ledger.ada.id) =>
    (await bytesOf(RECOUNT, user)) +
    (await bytesOf(
      `select coalesce(sum(coalesce(pg_column_size(input_schema), 0) + coalesce(pg_column_size(description), 0) + pg_column_size(redact)), 0)::int as bytes
         from runledger.workflows where user_id = $1`,
      user,
    ));

  test('whatever happens to executions, as much is counted as the rows keep, folded or not', async () => {
    const { db, ada, bob } = ledger;
    const same = async () => {
      for (const user of [ada.id, bob.id]) expect(await kept(user)).toBe(await recounted(user));
      await fold();
      for (const user of [ada.id, bob.id]) expect(await kept(user)).toBe(await recounted(user));
    };
    const nothing = await kept();
    await same();
    // Small ones stay in their row, large ones go beside it, repeated text is compressed.
    const ids = [
      await admit(ledger, { input: payload(100), metadata: { note: 'x' } }),
      await admit(ledger, { input: payload(60_000) }),
      await admit(ledger, { input: { text: 'again and again '.repeat(5_000) } }),
    ];
    expect(await kept()).toBeGreaterThan(60_000);
    await same();
    await recordOutcomes(db, [
      report(ids[0] as string, 'completed', { output: payload(9_000) }),
      report(ids[1] as string, 'failed'),
    ]);
    await same();
    await db.query(`update runledger.workflow_executions set metadata = $2 where id = $1`, [ids[0], payload(4_000)]);
    await same();
    await db.query('update runledger.workflow_executions set created_by = $2 where id = $1', [ids[1], bob.id]);
    expect(await kept(bob.id)).toBeGreaterThan(60_000);
    await same();
    await db.query('update runledger.workflow_executions set input = null where id = $1', [ids[1]]);
    await same();
    await db.query('select runledger_private.prune_due($1, $1, $2)', [[], [ids[0]]]);
    await same();
    await db.query('select runledger_private.prune_counted($1)', [[ids[0]]]);
    await same();
    await db.query('delete from runledger.workflow_executions where id = any ($1)', [ids]);
    await same();
    expect(await kept()).toBe(nothing);
    expect(await db.query('select from runledger.execution_storage')).toEqual([]);
  });

  test('a check recounts what is kept, and a repair sets it right', async () => {
    const { db, ada, bob } = ledger;
    await admit(ledger, { input: payload(1_000) });
    await fold();
    const check = () =>
      db.query<{ created_by: string; field: string; off: number }>(
        `select created_by, field, (counted - recounted)::int as off from runledger.verify_execution_stats() order by 1`,
      );
    expect(await check()).toEqual([]);
    // Past the triggers: as after a dump that was restored with another compression.
    await db.query('update runledger.execution_storage set bytes = bytes + 7 where created_by = $1', [ada.id]);
    await db.query('insert into runledger.execution_storage (created_by, bytes) values ($1, 5)', [bob.id]);
    const both = [
      { created_by: ada.id, field: 'stored_bytes', off: 7 },
      { created_by: bob.id, field: 'stored_bytes', off: 5 },
    ];
    expect(await check()).toEqual(both.toSorted((a, b) => (a.created_by < b.created_by ? -1 : 1)));
    expect(await db.query('select runledger.rebuild_execution_stats() as n')).toEqual([{ n: 2 }]);
    expect(await check()).toEqual([]);
    expect(await kept()).toBe(await recounted());
  });

  test('who keeps as much as they may starts and defines nothing, and reads how much, until something is deleted', async () => {
    const { db, ada, bob } = ledger;
    await insertQuota(ledger, { stored_bytes: 20_000 });
    const large = await admit(ledger, { input: payload(30_000) });
    const used = await kept();
    const refusal = await refusalOf(admit(ledger));
    expect(refusal).toEqual({
      code: 'PT429',
      message: `You may keep 20,000 bytes of inputs, outputs, metadata and definitions, and keep ${used.toLocaleString('en')}.`,
      hint: 'Delete executions that you no longer need, or ask the operator for a higher limit.',
      quota: { kind: 'storedBytes', limit: 20_000, used, freesAt: null, workflowId: null },
    });
    const define = (user: string) =>
      db.query('select from runledger.create_workflow($1, $2)', [
        user,
        JSON.stringify({ name: 'Another', workflow_type: 'order', task_queue: 'demo' }),
      ]);
    expect((await refusalOf(define(ada.id))).quota).toMatchObject({ kind: 'storedBytes', used });
    expect(await quotasOf(ledger, ada.id)).toEqual([refusal.quota]);

    await admit(ledger, { created_by: bob.id, workflow_id: bob.workflowId });
    await define(bob.id);
    // An end is recorded all the same.
    await recordOutcomes(db, [report(large, 'completed', { output: payload(30_000) })]);
    expect(await kept()).toBeGreaterThan(60_000);
    await db.query('delete from runledger.workflow_executions where id = $1', [large]);
    await admit(ledger);
    await define(ada.id);
  });

  test('of several that are admitted together, the first beyond the limit is refused, and those after it', async () => {
    await insertQuota(ledger, { user_id: ledger.ada.id, stored_bytes: 20_000 });
    const requests = Array.from({ length: 4 }, () => ({
      id: randomUUID(),
      workflow_id: ledger.ada.workflowId,
      input: payload(11_000),
      start_within_ms: 60_000,
    }));
    const [row] = await ledger.db.query<{ answers: { created?: boolean; refused?: { message: string } }[] }>(
      'select runledger.admit_executions($1, $2::jsonb) as answers',
      [ledger.ada.id, JSON.stringify(requests)],
    );
    expect(row?.answers.map(({ created, refused }) => created ?? refused?.message)).toEqual([
      true,
      true,
      expect.stringContaining('You may keep 20,000 bytes'),
      expect.stringContaining('You may keep 20,000 bytes'),
    ]);
  });

  test('without such a quota nothing is asked of what is kept, and one of a single workflow is refused', async () => {
    await insertDirect(ledger, { input: JSON.stringify(payload(50_000)) });
    await admit(ledger);
    expect(await quotasOf(ledger, ledger.ada.id)).toEqual([]);
    await expect(insertQuota(ledger, { workflow_id: ledger.ada.workflowId, stored_bytes: 1 })).rejects.toMatchObject({
      code: '23514',
      constraint: 'bytes_are_limited_in_all_workflows_together',
    });
  });
});
