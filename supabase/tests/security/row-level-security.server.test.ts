import { randomUUID } from 'node:crypto';
import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { insertDirect, insertExecution, openLedger, outcome, recordOutcomes, report } from '../ledger-database.ts';

const OWNED = [
  'users',
  'workflows',
  'workflow_executions',
  'execution_transitions',
  'execution_runs',
  'execution_checks',
  'execution_reports',
  'execution_changes',
  'idempotency_keys',
  'execution_requests',
  'execution_progress',
  'execution_start_options',
  'workflow_run_counts',
  'saved_views',
];

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
    for (const user of [ledger.ada, ledger.bob]) {
      const own = { ...ledger, ada: user };
      const id = await insertExecution(own);
      await ledger.db.query(`update runledger.workflow_executions set verdict = 'fine' where id = $1`, [id]);
      const signal = JSON.stringify([{ id: randomUUID(), execution: id, kind: 'signal', signalName: 'approve' }]);
      await ledger.db.query('select runledger.note_requests($1, $2::jsonb)', [user.id, signal]);
      await ledger.db.query(`select runledger.report_progress(jsonb_build_object('execution', $1::text, 'step', 1))`, [
        id,
      ]);
      await ledger.db.query(
        `select runledger.save_view($1, '{"name": "All", "filter": "", "columns": [], "order_by": "started_at",
           "order_direction": "desc", "time_zone": "UTC", "is_shared": true}')`,
        [user.id],
      );
      await recordOutcomes(ledger.db, [report(await insertDirect(own), 'completed')]);
      await recordOutcomes(ledger.db, [outcome(await insertExecution(own), 'failed')]);
      const [workflow] = await ledger.db.query(
        `select runledger.admit_execution(jsonb_build_object('workflow_id', $1::text, 'created_by', $2::text, 'input', '{}'::jsonb,
           'idempotency_key', 'k', 'input_hash', 'h', 'start_within_ms', 1000,
           'start_options', '{"runTimeout": "5m"}'::jsonb))`,
        [user.workflowId, user.id],
      );
      expect(workflow).toBeDefined();
    }
  });
  afterAll(() => ledger.db.close());

  test.each(OWNED)('%s shows a user their own rows, all of them, and nobody else’s', async (table) => {
    const owner = ['users'].includes(table)
      ? 'id'
      : ['workflows', 'idempotency_keys', 'workflow_run_counts', 'saved_views'].includes(table)
        ? 'user_id'
        : 'created_by';
    const [all] = await ledger.db.query<{ n: number }>(
      `select count(*)::int as n from runledger.${table} where ${owner} = $1`,
      [ledger.ada.id],
    );
    const seen = await ledger.db.as('authenticated', ledger.ada.id, (db) =>
      db.query<Record<string, string>>(`select ${owner} as owner from runledger.${table}`),
    );
    expect(seen.length).toBe(all?.n);
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen.map((row) => row.owner))).toEqual(new Set([ledger.ada.id]));
  });

  test.each([...OWNED, 'monitor_state', 'machine_keys'])(
    '%s shows nothing to anon, and lets no user write',
    async (table) => {
      await expect(
        ledger.db.as('anon', null, (db) => db.query(`select * from runledger.${table}`)),
      ).rejects.toMatchObject({
        code: '42501',
      });
      for (const write of [
        `delete from runledger.${table}`,
        `update runledger.${table} set ${{ monitor_state: 'proof', machine_keys: 'revoked_at' }[table] ?? 'created_by'} = null`,
      ]) {
        await expect(ledger.db.as('authenticated', ledger.ada.id, (db) => db.query(write))).rejects.toThrow();
      }
    },
  );

  test('a user inserts no execution, not even their own', async () => {
    const insert = `insert into runledger.workflow_executions (workflow_id, created_by) values ($1, $2)`;
    await expect(
      ledger.db.as('authenticated', ledger.ada.id, (db) => db.query(insert, [ledger.ada.workflowId, ledger.ada.id])),
    ).rejects.toMatchObject({ code: '42501' });
  });

  test('every function is open to whom it names, and to nobody else', async () => {
    const granted = await ledger.db.query<{
      name: string;
      schema: string;
      anon: boolean;
      authenticated: boolean;
      service_role: boolean;
    }>(
      `select p.proname as name, p.pronamespace::regnamespace::text as schema, has_function_privilege('anon', p.oid, 'execute') as anon,
              has_function_privilege('authenticated', p.oid, 'execute') as authenticated,
              has_function_privilege('service_role', p.oid, 'execute') as service_role
         from pg_proc p where p.pronamespace in ('runledger'::regnamespace, 'runledger_private'::regnamespace) order by 1`,
    );
    expect(granted.filter((row) => row.anon)).toEqual([]);
    const open = granted.filter((row) => row.authenticated);
    expect(open.filter(({ schema }) => schema === 'runledger').map(({ name }) => name)).toEqual([
      'current_access',
      'current_user_id',
      'get_execution_series',
      'get_execution_series_document',
      'get_execution_stats',
      'get_top_failures',
      'get_top_failures_document',
      'get_top_workflows',
      'get_top_workflows_document',
      'get_user_workflow_run_count',
      'get_workflow_counters',
      'get_workflow_counters_document',
      'requests_of',
      'runledger_schema_version',
    ]);
    // What these read with, under the caller's row-level security; the API does not show this schema.
    expect(open.filter(({ schema }) => schema === 'runledger_private').map(({ name }) => name)).toEqual([
      'access_ended',
      'bucket_ms',
      'bucket_of',
      'cells_in',
      'changed_claims',
      'clamp_bucket',
      'count_from_cells',
      'current_user_id',
      'exact_points',
      'folded_below',
      'has_window_before',
      'hides_error',
      'hours_from',
      'is_end',
      'labels_in',
      'large_metadata',
      'listed_metadata',
      'named_uuid',
      'open_statuses',
      'own_account',
      'present_id',
      'read_stats',
      'refuse_marker',
      'series_points',
      'signs_of',
      'stats_user',
      'stats_window',
      'stats_workflow',
      'status_at',
      'status_number',
      'statuses',
      'tail_in',
      'told_failure',
      'unless_left',
      'workflows_in',
    ]);
    // Of the owner of the tables: they make triggers on the host's tables, or run behind those.
    expect(granted.filter((row) => !row.service_role).map(({ name }) => name)).toEqual([
      'account_of',
      'archive_gone_workflows',
      'check_spellings',
      'follow_host_rows',
      'follow_workflows',
      'forward_runs',
      'host_value',
      'is_forwarding',
      'note_changed_execution',
      'note_changed_row',
      'read_back',
      'read_back_column',
      'read_back_key',
      'return_runs',
      'save_host_workflows',
      'spell_statuses',
      'stop_forwarding',
      'sync_host_rows',
      'sync_our_rows',
      'sync_part_of_workflows',
      'unfollow_workflows',
    ]);
  });

  test('a user’s statistics and counts hold their own executions only', async () => {
    const [own] = await ledger.db.as('authenticated', ledger.ada.id, (db) =>
      db.query<{ total: number }>('select total from runledger.get_execution_stats()'),
    );
    const [others] = await ledger.db.as('authenticated', ledger.ada.id, (db) =>
      db.query<{ n: number }>('select runledger.get_user_workflow_run_count($1) as n', [ledger.bob.id]),
    );
    expect([own?.total, others?.n]).toEqual([4, 0]);
  });

  test('every table has row-level security with one select policy, every function a fixed search path', async () => {
    const tables = await ledger.db.query<{ name: string; secured: boolean; policies: number }>(
      `select c.relname as name, c.relrowsecurity as secured,
              (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
         from pg_class c where c.relnamespace = 'runledger'::regnamespace and c.relkind = 'r' order by 1`,
    );
    expect(tables.filter(({ secured, policies }) => !secured || policies !== 1)).toEqual([]);
    const open = await ledger.db.query(
      `select proname from pg_proc where pronamespace in ('runledger'::regnamespace, 'runledger_private'::regnamespace)
          -- Names in a body that was parsed when the function was made are bound already.
          and prosqlbody is null and not coalesce(proconfig @> array['search_path=""'], false)`,
    );
    expect(open).toEqual([]);
    const views = await ledger.db.query(
      `select relname from pg_class where relnamespace = 'runledger'::regnamespace and relkind = 'v'
          and not coalesce(reloptions @> array['security_invoker=on'], false)`,
    );
    expect(views).toEqual([]);
  });

  test('another rule of who the user is takes one replaced function', async () => {
    const session = ledger.db;
    await session.exec(`create or replace function runledger_private.current_user_id() returns text language sql stable set search_path = ''
      as $$ select upper('u-text') $$; insert into runledger.users (id) values ('U-TEXT');`);
    const seen = await session.as('authenticated', ledger.ada.id, (db) => db.query('select id from runledger.users'));
    expect(seen).toEqual([{ id: 'U-TEXT' }]);
    await session.exec(`create or replace function runledger_private.current_user_id() returns text language sql stable set search_path = ''
      as $$ select auth.uid()::text $$`);
  });
});
