import type { SqlDatabase } from '@runledger/local-stack';
import { open, outcome, recordOpen, recordOutcomes, report } from '../ledger-database.ts';
import type { World, WorldExecution } from './world.ts';

export const USERS = ['ada', 'bob', 'cyd'];
export const WORKFLOWS = [1, 2, 3, 4].map((n) => `00000000-0000-7000-8000-00000000000${n}`);

/** What was recorded and pruned, as it was: statistics go on counting it, rows no longer show it. */
export const prepareTruth = (db: SqlDatabase) =>
  db.exec(`
    create schema truth;
    create table truth.pruned (like runledger.workflow_executions);
    create view truth.executions as
      select e.*, true as is_kept from runledger.workflow_executions e union all select p.*, false from truth.pruned p`);

const empty = `
  begin;
  -- Past the triggers that refuse it.
  set local session_replication_role = replica;
  truncate runledger.users, runledger.execution_deltas, runledger.execution_stats, runledger.execution_label_stats,
    runledger.execution_storage,
    runledger.execution_transitions, runledger.execution_runs, runledger.execution_reports, runledger.execution_checks,
    runledger.execution_timelines, truth.pruned cascade;
  commit;
  update runledger.fold_state set folded_below = '0', hours_from = '-infinity'`;

async function insert(db: SqlDatabase, executions: WorldExecution[], first: number): Promise<void> {
  const rows = executions.map((e, n) => {
    const ended = !['pending', 'running'].includes(e.status);
    const failed = ended && e.status !== 'completed';
    return {
      ...{ id: idOf(first + n), workflow_id: WORKFLOWS[e.workflow], created_by: USERS[e.user], status: e.status },
      ...{ temporal_workflow_id: e.isDirect ? null : idOf(first + n), temporal_run_id: e.isDirect ? null : 'first' },
      started_at: e.startedAt,
      first_task_at: e.queueMs === null ? null : new Date(Date.parse(e.startedAt) + e.queueMs).toISOString(),
      ...{ duration_ms: ended ? e.durationMs : null, verdict: e.verdict },
      ...{ failure: failed ? e.failure : null, error_message: failed ? e.failure.message : null },
    };
  });
  const names = Object.keys(rows[0] ?? { id: '' }).join(', ');
  await db.query(
    `insert into runledger.workflow_executions (${names})
       select ${names} from jsonb_populate_recordset(null::runledger.workflow_executions, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}

const idOf = (n: number) => `00000000-0000-7000-9000-${String(n).padStart(12, '0')}`;

/** Guards refuse some: a change that cannot be does not happen. */
async function apply(db: SqlDatabase, { execution, what, to }: World['changes'][number]): Promise<void> {
  const id = idOf(execution);
  const more = { durationMs: to.durationMs, failure: to.failure, errorMessage: to.failure.message };
  const ended = to.status === 'pending' || to.status === 'running' ? 'failed' : to.status;
  const set = (assignment: string, value: unknown) =>
    db.query(`update runledger.workflow_executions set ${assignment} where id = $1`, [id, value]);
  switch (what) {
    case 'end':
      return void (await recordOutcomes(db, [report(id, ended, more)]));
    case 'correct':
      return void (await recordOutcomes(db, [outcome(id, ended, { ...more, runs: [] })]));
    case 'reopen':
      return void (await recordOpen(db, [open(id, { runId: 'second', runs: [] })]));
    case 'judge':
      return void (await set('verdict = $2', to.verdict));
    case 'give':
      return void (await set('created_by = $2', USERS[to.user]));
    case 'remeasure':
      return void (await db.query(
        `update runledger.workflow_executions set duration_ms = $2 where id = $1 and outcome_authority = 'reported'`,
        [id, to.durationMs],
      ));
    case 'delete':
      return void (await db.query('delete from runledger.workflow_executions where id = $1', [id]));
    case 'prune':
      await db.query(
        `insert into truth.pruned select * from runledger.workflow_executions where id = $1 and outcome_authority is not null`,
        [id],
      );
      return void (await db.query('select runledger_private.prune_counted(array[$1]::uuid[])', [id]));
  }
}

export const fold = async (db: SqlDatabase, limit = 20_000): Promise<void> => {
  if (limit > 0) await db.query('select runledger.fold_execution_stats($1)', [limit]);
};

/** Leaves the ledger as the world says: some of it folded, some of it in the tail. */
export async function buildWorld(db: SqlDatabase, world: World): Promise<void> {
  await db.exec(empty);
  for (const id of USERS) await db.query('insert into runledger.users (id) values ($1)', [id]);
  for (const [n, id] of WORKFLOWS.entries())
    await db.query(
      `insert into runledger.workflows (id, user_id, name, workflow_type, task_queue) values ($1, $2, 'Order', 'order', 'demo')`,
      [id, USERS[n % 2]],
    );
  await insert(db, world.folded, 0);
  await fold(db);
  await insert(db, world.tail, world.folded.length);
  for (const change of world.changes) await apply(db, change);
  await fold(db, world.foldedAfter);
  if (world.leaver === null) return;
  await db.query('delete from runledger.users where id = $1', [USERS[world.leaver]]);
  await db.query(
    `delete from truth.pruned p where not exists (select from runledger.users u where u.id = p.created_by)
        or not exists (select from runledger.workflows w where w.id = p.workflow_id)`,
  );
}
