import { randomUUID } from 'node:crypto';
import type { SqlSession } from '@runledger/local-stack';

/** What two writers meet over: executions of two users in one workflow, each known by its ids. */
export interface World {
  /** The owner of the workflow, and somebody else. */
  owner: string;
  guest: string;
  workflowId: string;
  /** Open in Temporal. */
  open: Execution[];
  /** Open, and reported by the application itself. */
  direct: Execution[];
  /** Ended more than a year ago. */
  ended: Execution[];
  /** The table that is imported. */
  source: string;
  /** The host's own table of definitions, which is followed. */
  followed: string;
}

export interface Execution {
  id: string;
  temporal_workflow_id: string | null;
}

/** Calls one function, as a transaction of its own, with the world's rows in an order of its own. */
export type Writer = (db: SqlSession, world: World) => Promise<unknown>;

/** Rows a batch writes: enough to meet, few enough to meet often. */
const BATCH = 80;
/** Calls of what writes one row at a time. */
const CALLS = 8;

export function shuffled<T>(items: T[]): T[] {
  const left = [...items];
  return items.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0] as T);
}

const some = (items: Execution[], count = BATCH) => shuffled(items).slice(0, count);
const json = JSON.stringify;

const runs = (e: Execution) =>
  shuffled(['first', 'second', 'third']).map((runId, n) => ({
    runId,
    runNumber: n + 1,
    cause: n === 0 ? 'start' : 'continue_as_new',
    status: 'continued_as_new',
    startedAt: '2026-01-01T00:00:00Z',
    closedAt: '2026-01-01T00:00:01Z',
    errorMessage: e.id,
  }));

const each =
  (
    items: (world: World) => Execution[],
    call: (db: SqlSession, e: Execution, world: World) => Promise<unknown>,
  ): Writer =>
  async (db, world) => {
    for (const e of some(items(world), CALLS)) await call(db, e, world);
  };

const completeRun = (name: string) =>
  each(
    ({ direct }) => direct,
    (db, e) => db.query(`select public.${name}($1, 'completed', 5)`, [e.id]),
  );

/** Where the host's table of definitions says what. */
export const followOptions = (owner: string) => ({
  ...{ id: 'number', name: 'title', owner: { column: 'owner', default: owner } },
  ...{ type: { constant: 'order' }, queue: { constant: 'demo' } },
});

/** Every function of the schema `runledger` and every compatibility name that writes, by name. A test compares the names with the database. */
export const functions: Record<string, Writer> = {
  adopt_executions: (db, { open, owner }) =>
    db.query('select * from runledger.adopt_executions($1::jsonb)', [
      json(
        some(open).map((e, n) => ({
          namespace: 'default',
          temporalWorkflowId: n % 2 ? e.temporal_workflow_id : `adopted-${n}`,
          firstRunId: 'first',
          workflowType: 'order',
          taskQueue: 'demo',
          userId: owner,
          startedAt: '2026-01-01T00:00:00Z',
        })),
      ),
    ]),
  admit_execution: async (db, { workflowId, owner, guest }) => {
    for (let call = 0; call < CALLS; call++)
      await db.query('select runledger.admit_execution($1::jsonb)', [
        json({
          workflow_id: workflowId,
          created_by: call % 2 ? owner : guest,
          start_within_ms: 60_000,
          idempotency_key: `key-${call % 3}`,
          input_hash: 'hash',
        }),
      ]);
  },
  admit_executions: async (db, { workflowId, owner, guest, ended }) => {
    for (const user of shuffled([owner, guest]))
      await db.query('select runledger.admit_executions($1, $2::jsonb)', [
        user,
        json(
          shuffled([0, 1, 2, 3]).map((n) => ({
            workflow_id: workflowId,
            start_within_ms: 60_000,
            ...(n < 2 ? { idempotency_key: `key-${n}`, input_hash: 'hash' } : {}),
            // Of the user or not: that is refused.
            ...(n < 2 ? {} : { rerun_of: { execution: some(ended, 1)[0]?.id } }),
          })),
        ),
      ]);
  },
  answer_requests: async (db, { open }) => {
    const ids = await db.query<{ id: string }>(
      `select r.id from runledger.execution_requests r where r.execution_id = any ($1::uuid[])`,
      [some(open).map(({ id }) => id)],
    );
    await db.query('select runledger.answer_requests($1::jsonb)', [
      json(shuffled(ids).map(({ id }) => ({ id, answer: 'requested' }))),
    ]);
  },
  complete_workflow_run: completeRun('complete_workflow_run'),
  complete_workflow_run_and_get_count: completeRun('complete_workflow_run_and_get_count'),
  confirm_leavers: (db) => db.query('select runledger.confirm_leavers()'),
  correct_first_run: each(
    ({ open }) => open,
    (db, e) => db.query(`select runledger.correct_first_run($1, 'second', 'reconciler')`, [e.id]),
  ),
  create_execution: each(
    ({ open }) => open,
    (db, e, { workflowId, owner }) =>
      db.query('select runledger.create_execution($1::jsonb)', [
        json({
          workflow_id: workflowId,
          created_by: owner,
          temporal_workflow_id: e.temporal_workflow_id,
          temporal_run_id: Math.random() < 0.5 ? 'first' : 'second',
        }),
      ]),
  ),
  create_workflow: async (db, { guest }) => {
    for (let call = 0; call < CALLS; call++)
      await db.query('select * from runledger.create_workflow($1, $2::jsonb)', [
        guest,
        json({ name: 'Another', workflow_type: 'order', task_queue: 'demo' }),
      ]);
  },
  delete_executions: (db, { ended, open, guest }) =>
    db.query('select runledger.delete_executions($1, $2::uuid[])', [
      guest,
      some([...ended, ...open], 40).map(({ id }) => id),
    ]),
  delete_workflow_executions: (db, { workflowId }) =>
    db.query('select runledger.delete_workflow_executions($1, null, 120)', [workflowId]),
  end_lost_executions: (db, { open }) =>
    db.query('select * from runledger.end_lost_executions($1::jsonb)', [
      json(
        some(open).map((e, n) => ({
          execution: e.id,
          status: 'failed',
          reason: 'the server was lost',
          actor: 'ops',
          unknownAtRevision: 1 + (n % 3),
        })),
      ),
    ]),
  fix_stuck_runs: (db) => db.query(`select runledger.fix_stuck_runs('0 s')`),
  fold_execution_stats: (db) => db.query('select runledger.fold_execution_stats()'),
  follow_users: (db) => db.query(`select runledger.follow_users('auth.users', 'id', null, 'deleted_at')`),
  forget_user: (db, { guest }) => db.query('select runledger.forget_user($1, 60)', [guest]),
  follow_workflows: (db, { followed, owner }) =>
    db.query('select runledger.follow_workflows($1, $2::jsonb)', [followed, json(followOptions(owner))]),
  forward_changes: (db, { source }) => db.query('select runledger.forward_changes($1, 60)', [source]),
  forward_runs: (db, { source }) => db.query('select runledger.forward_runs($1)', [source]),
  get_workflow: async (db, { owner, workflowId }) => {
    for (let call = 0; call < CALLS; call++)
      await db.query('select * from runledger.get_workflow($1, $2)', [owner, call % 2 ? workflowId : `${call}`]);
  },
  import_workflow_runs: (db, { source }) =>
    db.query('select runledger.import_workflow_runs($1, p_limit => 60)', [source]),
  note_changes_since: (db, { source }) =>
    db.query(`select runledger.note_changes_since($1, 'started_at', '-infinity')`, [source]),
  prune_executions: (db) =>
    db.query(
      `select runledger.prune_executions('{"payloads": "1 hour", "timelines": "1 day", "rows": "30 days"}', $1, 20000)`,
      [randomUUID()],
    ),
  read_back: async (db, { source }) => {
    const view = `public.back_${randomUUID().replaceAll('-', '')}`;
    await db.query('select runledger.read_back($1, $2)', [source, view]);
    await db.exec(`drop view ${view}`);
  },
  rebuild_execution_stats: (db, { owner }) => db.query('select runledger.rebuild_execution_stats($1)', [owner]),
  rebuild_execution_stats_part: (db, { guest, workflowId }) =>
    db.query('select runledger.rebuild_execution_stats_part(array[$1], array[$2::uuid], p_lives => true)', [
      guest,
      workflowId,
    ]),
  record_open: (db, { open }) =>
    db.query('select * from runledger.record_open($1::jsonb)', [
      json(
        some(open).map((e, n) => ({
          execution: e.id,
          source: 'feed',
          firstRunId: 'first',
          runId: n % 2 ? 'first' : 'second',
          runs: runs(e),
        })),
      ),
    ]),
  record_outcomes: (db, { open }) =>
    db.query('select * from runledger.record_outcomes($1::jsonb)', [
      json(
        some(open).map((e, n) =>
          n % 2
            ? {
                execution: e.id,
                status: 'completed',
                authority: 'engine',
                source: 'feed',
                runId: 'third',
                firstRunId: 'first',
                completedAt: '2030-01-01T00:00:00Z',
                runs: runs(e),
              }
            : {
                execution: n % 4 ? e.temporal_workflow_id : e.id,
                status: 'failed',
                errorMessage: 'reported',
                authority: 'reported',
                source: 'report',
                reportId: randomUUID(),
              },
        ),
      ),
    ]),
  record_starts: (db, { open }) =>
    db.query('select runledger.record_starts($1::jsonb)', [
      json({
        open: some(open, CALLS).map((e) => ({
          ...{ execution: e.id, source: 'service', firstRunId: 'first', runId: 'first' },
          runs: runs(e),
        })),
      }),
    ]),
  regroup_failures: (db) => db.query('select runledger.regroup_failures(null, 10000)'),
  note_requests: async (db, { open, ended, owner, guest }) => {
    for (const user of [owner, guest])
      await db.query('select runledger.note_requests($1, $2::jsonb)', [
        user,
        json(
          some([...open, ...ended]).map((e, n) => ({
            ...{ id: randomUUID(), execution: e.id, reason: 'changed my mind' },
            ...[{ kind: 'cancel' }, { kind: 'signal', signalName: 'approve' }, { kind: 'reset' }][n % 3],
          })),
        ),
      ]);
  },
  report_progress: each(
    ({ open }) => open,
    (db, e) =>
      db.query('select runledger.report_progress($1::jsonb)', [json({ execution: e.id, message: 'going on' })]),
  ),
  request_cancel: each(
    ({ open }) => open,
    (db, e, { owner }) => db.query(`select * from runledger.request_cancel($1, $2, 'changed my mind')`, [e.id, owner]),
  ),
  save_checks: (db, { open }) =>
    db.query('select runledger.save_checks($1::jsonb)', [
      json(shuffled(open).map((e) => ({ execution: e.id, health: 'live', nextCheckInMs: 1 }))),
    ]),
  save_monitor_state: (db) =>
    db.query(`select runledger.save_monitor_state('default', '{"closure": "2026-01-01T00:00:00Z"}'::jsonb)`),
  save_view: async (db, { owner, guest }) => {
    for (const user of [owner, guest]) await db.query('select runledger.save_view($1, $2::jsonb)', [user, json(VIEW)]);
  },
  create_machine_key: (db, { guest }) =>
    db.query('select runledger.create_machine_key($1::jsonb, 1000)', [
      json({ user_id: guest, name: 'a', key_hash: KEY_HASH, key_start: 'rlk_', scopes: ['read'] }),
    ]),
  find_machine_key: async (db) => {
    await db.query('update runledger.machine_keys set last_used_at = null');
    await db.query('select runledger.find_machine_key($1)', [KEY_HASH]);
  },
  delete_view: (db, { guest }) =>
    db.query('select runledger.delete_view(v.user_id, v.id) from runledger.saved_views v where v.user_id = $1', [
      guest,
    ]),
  save_timelines: (db, { open, ended }) =>
    db.query('select runledger.save_timelines($1::jsonb)', [
      json(
        some([...open, ...ended]).map((e, n) =>
          n % 3
            ? {
                execution: e.id,
                closingRunId: 'first',
                timeline: {
                  state: 'complete',
                  steps: [],
                  omitted: {},
                  activitiesExecuted: Math.ceil(Math.random() * 9),
                },
              }
            : { execution: e.id, retryInMs: 1 },
        ),
      ),
    ]),
  set_quota: (db, { guest, workflowId }) =>
    db.query('select * from runledger.set_quota($1::jsonb)', [
      json({ user_id: guest, workflow_id: Math.random() < 0.5 ? workflowId : null, executions_per_hour: 1e6 }),
    ]),
  settle_users: async (db, { guest }) => {
    await db.query('update runledger.users set left_at = now() where id = $1', [guest]);
    for (let call = 0; call < CALLS; call++) await db.query('select runledger.settle_users(40)');
  },
  sync_users: (db) => db.query('select runledger.sync_users(2)'),
  unfollow_users: (db) => db.query('select runledger.unfollow_users()'),
  return_changes: (db, { source }) => db.query('select runledger.return_changes($1, 60)', [source]),
  return_runs: (db, { source }) => db.query('select runledger.return_runs($1)', [source]),
  stop_forwarding: (db, { source }) => db.query('select runledger.stop_forwarding($1, true)', [source]),
  sync_workflows: async (db) => {
    for (let call = 0; call < CALLS; call++) await db.query('select runledger.sync_workflows(20)');
  },
  trim_changes: (db) => db.query('select runledger.trim_changes()'),
  unfollow_workflows: (db) => db.query('select runledger.unfollow_workflows()'),
  update_workflow: async (db, { owner, workflowId }) => {
    for (let call = 0; call < CALLS; call++)
      await db.query(`select * from runledger.update_workflow($1, $2, '{"description": "changed"}'::jsonb, true)`, [
        workflowId,
        owner,
      ]);
  },
};

const KEY_HASH = 'a'.repeat(64);
const VIEW = {
  ...{ name: 'Failed', filter: 'status=failed', columns: ['status'], time_zone: 'UTC', is_shared: true },
  ...{ order_by: 'started_at', order_direction: 'desc' },
};

/** What hosts do by plain SQL, and the monitor beside it. */
export const statements: Record<string, Writer> = {
  'somebody signs up, and an account is deleted': async (db) => {
    await db.query('insert into auth.users (id) values (gen_random_uuid())');
    await db.query('delete from auth.users where id in (select id from auth.users order by random() limit 1)');
  },
  'the id of a user changes in the source': (db, { guest }) =>
    db.query('update runledger.users set moved_to = $2 where id = $1', [guest, randomUUID()]),
  'a user is deleted': (db, { owner, guest }) =>
    db.query('delete from runledger.users where id = $1', [Math.random() < 0.5 ? owner : guest]),
  'a user gets another id': (db, { guest }) =>
    db.query('update runledger.users set id = $2 where id = $1', [guest, randomUUID()]),
  'rows that are followed change': (db, { followed }) => db.query(`update ${followed} set title = title || '.'`),
  'rows that are followed are deleted': (db, { followed }) => db.query(`delete from ${followed} where number % 2 = 0`),
  'a workflow is deleted': (db, { workflowId }) =>
    db.query('delete from runledger.workflows where id = $1', [workflowId]),
};
