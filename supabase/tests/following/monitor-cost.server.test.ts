import { testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buffersRead } from '../buffers-read.ts';
import type { LedgerDatabase } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';

/** What a question of the monitor may read, in buffers of 8 KB, however many executions are open. */
const QUESTIONS: Record<string, { sql: string; atMost: number }> = {
  '50 due checks, all due': { sql: `select runledger.due_checks('default', 50)`, atMost: 400 },
  'due checks, none due': { sql: `select runledger.due_checks('quiet', 50)`, atMost: 30 },
  'the 50 youngest': { sql: `select runledger.youngest_unsettled('default', 50)`, atMost: 400 },
  '50 of the middle': {
    sql: `select runledger.youngest_unsettled('default', 50, now() - interval '12 hours', '80000000-0000-0000-0000-000000000000')`,
    atMost: 400,
  },
  'one by its id': { sql: `select runledger.unsettled_by_ids('default', array[$1::uuid])`, atMost: 40 },
  'starts that wait': { sql: `select * from runledger.pending_starts('default', 1000, 50)`, atMost: 40 },
  'timelines that wait': { sql: `select * from runledger.pending_timelines('default', 20)`, atMost: 40 },
  'changes since a moment ago': {
    sql: `select runledger.changes_since((pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text, 1000)`,
    atMost: 40,
  },
  'runs that nobody knows': {
    sql: `select runledger.find_runs('default', '[{"temporalWorkflowId": "nobody", "runId": "nobody"}]'::jsonb)`,
    atMost: 60,
  },
  'how long executions take': {
    sql: 'select * from runledger.usual_durations(array(select id from runledger.workflows))',
    atMost: 60,
  },
};

describe.each(testedKinds('postgres-15', 'postgres-17'))('on %s', (kind) => {
  let ledger: LedgerDatabase;
  let someExecution: string;

  async function add(executions: number) {
    const { db, ada } = ledger;
    await db.query(
      `insert into runledger.workflow_executions (workflow_id, created_by, temporal_namespace, temporal_workflow_id, temporal_run_id, started_at)
       select $1, $2, case g % 2 when 0 then 'default' else 'quiet' end, 'wf-' || g || '-' || $3, 'first',
              now() - random() * interval '1 day'
         from generate_series(1, $3::int) g`,
      [ada.workflowId, ada.id, executions],
    );
    await db.exec(`
      update runledger.execution_checks set last_check_at = now(), health = 'live', next_check_at = now()
        + case temporal_namespace when 'default' then -random() else 1 + random() end * interval '4 minutes';
      delete from runledger.execution_changes`);
    await db.exec('vacuum (analyze)');
    const [row] = await db.query<{ id: string }>(
      `select execution_id as id from runledger.execution_checks where temporal_namespace = 'default' limit 1`,
    );
    someExecution = row?.id ?? '';
  }

  const ask = (sql: string) =>
    ledger.db.as('service_role', null, (db) =>
      buffersRead(db, sql, sql.includes('$1') ? [someExecution] : [], { before: 6 }),
    );
  let small: Map<string, number>;
  let large: Map<string, number>;
  const all = async () => {
    const answers = new Map<string, number>();
    for (const [name, { sql }] of Object.entries(QUESTIONS)) answers.set(name, await ask(sql));
    return answers;
  };

  beforeAll(async () => {
    ledger = await openLedger(kind);
    await add(4_000);
    small = await all();
    await add(12_000);
    large = await all();
  });
  afterAll(() => ledger?.db.close());

  test.each(Object.entries(QUESTIONS))('%s: a bounded number of buffers', (name, { atMost }) => {
    expect(large.get(name)).toBeLessThanOrEqual(atMost);
  });

  test('four times the open executions cost no more to ask about', () => {
    for (const [name, buffers] of large) {
      const before = small.get(name) ?? 0;
      expect({ name, before, buffers, grew: buffers > 1.3 * before + 20 }).toMatchObject({ name, grew: false });
    }
  });

  test('the figures of the proof look at each check once', async () => {
    const [size] = await ledger.db.query<{ pages: number }>(
      `select (pg_relation_size('runledger.execution_checks') / 8192)::int as pages`,
    );
    const [transitions] = await ledger.db.query<{ pages: number }>(
      `select (pg_relation_size('runledger.execution_transitions') / 8192)::int as pages`,
    );
    const buffers = await ask(`select runledger.ledger_figures('default')`);
    // The latest 10,000 changes of status are read by their key: a page of the index for each hundred and their rows.
    expect(buffers).toBeLessThanOrEqual((size?.pages ?? 0) + 10_000 + 2 * (transitions?.pages ?? 0));
  });
});
