import type { SqlSession } from '@runledger/local-stack';
import type { Draw } from '../../draw.ts';

/** Something that changes what is counted, within a transaction that is already open. */
export interface Deed {
  name: string;
  /** How many of a hundred or so, compared with the others. */
  weight: number;
  /** Answers how many rows it changed. Loses to others now and then, with an error that Postgres or a guard raises. */
  act(db: SqlSession, draw: Draw): Promise<number>;
}

export interface PickedExecution {
  id: string;
  created_by: string;
  status: string;
  outcome_authority: string | null;
  revision: number;
  temporal_run_id: string | null;
  current_run_id: string | null;
}

/** Up to `most` executions next to each other, mostly young ones, so that writers meet. `where` is plain SQL. */
export function pickExecutions(
  db: SqlSession,
  draw: Draw,
  { where = 'true', most = 1 } = {},
): Promise<PickedExecution[]> {
  const among = draw.pick([5, 5, 40, 400]);
  return db.query<PickedExecution>(
    `select id, created_by, status, outcome_authority, revision, temporal_run_id, current_run_id
       from (select * from runledger.workflow_executions where ${where} order by id desc limit $1) young
      offset $2 limit $3`,
    [among, draw.integer(0, among - most), most],
  );
}

/** One of the workflows, every other time the same one. */
export async function pickWorkflow(db: SqlSession, draw: Draw): Promise<{ id: string; owner: string } | undefined> {
  const workflows = await db.query<{ id: string; owner: string }>(
    'select id, user_id as owner from runledger.workflows order by id',
  );
  if (workflows.length === 0) return undefined;
  return draw.integer(0, 1) === 0 ? workflows[0] : draw.pick(workflows);
}

export async function pickUser(db: SqlSession, draw: Draw): Promise<string | undefined> {
  const users = await db.query<{ id: string }>('select id from runledger.users order by id');
  return users.length === 0 ? undefined : draw.pick(users).id;
}

export const changed = async (db: SqlSession, sql: string, params: unknown[] = []): Promise<number> =>
  (await db.query(`${sql} returning 1`, params)).length;
