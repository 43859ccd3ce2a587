import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { insertExecution, openLedger, readExecution } from '../ledger-database.ts';

/** An illegal insert, and the sentence that the error says. */
const illegal: [columns: Record<string, unknown>, sentence: string][] = [
  [{ engine: 'cron', temporal_workflow_id: null, temporal_run_id: null }, 'engine_is_temporal_or_none'],
  [{ status: 'done' }, 'status_is_known'],
  [{ status: 'completed', outcome_authority: 'guess' }, 'outcome_authority_is_engine_or_reported'],
  [{ completed_at: '2026-01-01T00:00:00Z' }, 'only_an_ended_execution_has_authority_end_and_duration'],
  [{ status: 'completed', duration_ms: -1 }, 'duration_is_not_negative'],
  [{ engine: 'none', temporal_run_id: null }, 'an_engine_execution_names_namespace_and_workflow_id'],
  [
    { temporal_workflow_id: null, temporal_run_id: null, engine: 'temporal' },
    'an_engine_execution_names_namespace_and_workflow_id',
  ],
  [{ temporal_workflow_id: null }, 'a_direct_execution_has_no_run'],
  [
    { temporal_workflow_id: null, temporal_run_id: null, status: 'completed', outcome_authority: 'engine' },
    'a_direct_execution_has_no_run',
  ],
  [
    { temporal_run_id: null, status: 'running', start_by: '2030-01-01T00:00:00Z' },
    'an_execution_that_the_ledger_starts_runs_with_its_run_id',
  ],
  [{ temporal_workflow_id: 'ä'.repeat(501) }, 'temporal_workflow_id_has_1_to_1000_bytes'],
  [{ run_count: 0 }, 'run_count_is_positive'],
  [{ activities_executed: -1 }, 'activities_executed_is_not_negative'],
  [{ error_message: 'x'.repeat(4001) }, 'error_message_has_at_most_4000_characters'],
  [{ verdict: 'x'.repeat(101) }, 'verdict_has_at_most_100_characters'],
  [{ tags: Array.from({ length: 51 }, (_, i) => `t${i}`) }, 'at_most_50_tags'],
  [{ metadata: '[]' }, 'metadata_is_an_object'],
  [{ cancel_requested_at: '2026-01-01T00:00:00Z' }, 'a_cancel_request_says_who'],
  [{ created_by: 'nobody' }, 'the_user_is_known'],
  [{ workflow_id: '00000000-0000-7000-8000-000000000000' }, 'the_workflow_is_known'],
];

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger.db.close());

  test.each(illegal)('the row %j is refused by a sentence: %s', async (columns, sentence) => {
    await expect(insertExecution(ledger, columns)).rejects.toThrow(sentence);
  });

  test('an insert is completed: engine, status, revision, current run and the end of an ended row', async () => {
    const running = await readExecution(ledger.db, await insertExecution(ledger));
    expect(running).toMatchObject({ engine: 'temporal', status: 'running', current_run_id: 'first', revision: 1 });
    const pending = await readExecution(ledger.db, await insertExecution(ledger, { temporal_run_id: null }));
    expect(pending).toMatchObject({ engine: 'temporal', status: 'pending', temporal_namespace: 'default' });
    const failed = await readExecution(
      ledger.db,
      await insertExecution(ledger, { status: 'failed', failure: '{"message":"no"}' }),
    );
    expect(failed).toMatchObject({ outcome_authority: 'reported', error_message: 'no', closing_run_id: 'first' });
    expect(failed.duration_ms).toBeGreaterThanOrEqual(0);
  });

  test('ids are uuid version 7 and grow', async () => {
    const rows = await ledger.db.query<{ id: string }>(
      'select runledger_private.uuid_v7() as id from generate_series(1, 50), pg_sleep(0.002)',
    );
    for (const { id } of rows) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    const times = rows.map(({ id }) => id.slice(0, 13));
    expect(times).toEqual(times.toSorted());
  });

  test.each([
    ['id', '00000000-0000-7000-8000-000000000000'],
    ['engine', 'none'],
    ['started_at', '2020-01-01T00:00:00Z'],
    ['temporal_namespace', 'other'],
    ['temporal_workflow_id', 'other'],
    ['temporal_run_id', 'other'],
  ])('%s never changes', async (column, value) => {
    const id = await insertExecution(ledger);
    await expect(
      ledger.db.query(`update runledger.workflow_executions set ${column} = $2 where id = $1`, [id, value]),
    ).rejects.toMatchObject({ code: 'PT400' });
  });

  test('an outcome of the engine never changes, what the business makes of it may', async () => {
    const id = await insertExecution(ledger, { status: 'completed', outcome_authority: 'engine' });
    for (const change of [
      `completed_at = now() + interval '1 day'`,
      'duration_ms = duration_ms + 1',
      `error_message = 'no'`,
      `failure = '{}'`,
    ]) {
      await expect(
        ledger.db.query(`update runledger.workflow_executions set ${change} where id = $1`, [id]),
      ).rejects.toMatchObject({ code: 'PT409' });
    }
    await ledger.db.query(
      `update runledger.workflow_executions set verdict = 'refunded', tags = '{vip}' where id = $1`,
      [id],
    );
    expect(await readExecution(ledger.db, id)).toMatchObject({ verdict: 'refunded', tags: ['vip'], revision: 2 });
  });

  test('an update that changes nothing leaves the revision', async () => {
    const id = await insertExecution(ledger);
    await ledger.db.query('update runledger.workflow_executions set status = status where id = $1', [id]);
    expect(await readExecution(ledger.db, id)).toMatchObject({ revision: 1 });
  });
});
