import { randomUUID } from 'node:crypto';
import type { MigrationOptions, SqlDatabase, SqlSession, TestDatabase } from '@runledger/local-stack';
import { createTestDatabase } from '@runledger/local-stack';

/** One migrated database with two users and a workflow of each. */
export interface LedgerDatabase {
  db: TestDatabase;
  ada: { id: string; workflowId: string };
  bob: { id: string; workflowId: string };
}

export type DatabaseKind = SqlDatabase['kind'];

async function addUser(db: SqlSession) {
  const id = randomUUID();
  await db.query('insert into runledger.users (id) values ($1)', [id]);
  const [workflow] = await db.query<{ id: string }>(
    `insert into runledger.workflows (user_id, name, workflow_type, task_queue) values ($1, 'Order', 'order', 'demo') returning id`,
    [id],
  );
  return { id, workflowId: (workflow as { id: string }).id };
}

export async function openLedger(kind: DatabaseKind, options: MigrationOptions = {}): Promise<LedgerDatabase> {
  const db = await createTestDatabase(kind, options);
  return { db, ada: await addUser(db), bob: await addUser(db) };
}

export interface Row {
  id: string;
  status: string;
  outcome_authority: string | null;
  closing_run_id: string | null;
  current_run_id: string | null;
  temporal_run_id: string | null;
  run_count: number;
  revision: number;
  error_message: string | null;
  output: unknown;
  completed_at: string | null;
  duration_ms: number | null;
  recorded_at: string | null;
  [column: string]: unknown;
}

export interface Answer {
  ordinal: number;
  execution_id: string | null;
  result: string;
  status: string | null;
  authority: string | null;
  revision: number | null;
  run_count: number | null;
}

/** An execution in Temporal, running under run `first`, unless told otherwise. */
export async function insertExecution(
  { db, ada }: LedgerDatabase,
  columns: Record<string, unknown> = {},
): Promise<string> {
  const row: Record<string, unknown> = {
    workflow_id: ada.workflowId,
    created_by: ada.id,
    temporal_workflow_id: randomUUID(),
    temporal_run_id: 'first',
    ...columns,
  };
  const names = Object.keys(row);
  const [inserted] = await db.query<{ id: string }>(
    `insert into runledger.workflow_executions (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')}) returning id`,
    Object.values(row),
  );
  return (inserted as { id: string }).id;
}

export const insertDirect = (ledger: LedgerDatabase, columns: Record<string, unknown> = {}) =>
  insertExecution(ledger, { temporal_workflow_id: null, temporal_run_id: null, ...columns });

export async function readExecution(db: SqlSession, id: string): Promise<Row> {
  const [row] = await db.query<Row>('select * from runledger.workflow_executions where id = $1', [id]);
  return row as Row;
}

export const transitionsOf = (db: SqlSession, id: string) =>
  db.query<{
    from_status: string | null;
    to_status: string;
    source: string;
    authority: string;
    run_id: string | null;
    actor: string | null;
    reason: string | null;
  }>(
    `select from_status, to_status, source, authority, run_id, actor, reason
       from runledger.execution_transitions where execution_id = $1 order by revision, at`,
    [id],
  );

export const recordOutcomes = (db: SqlSession, items: object[], countRuns = false) =>
  db.query<Answer>('select * from runledger.record_outcomes($1::jsonb, $2) order by ordinal', [
    JSON.stringify(items),
    countRuns,
  ]);

export const recordOpen = (db: SqlSession, items: object[]) =>
  db.query<Answer>('select * from runledger.record_open($1::jsonb) order by ordinal', [JSON.stringify(items)]);

export const report = (execution: string, status: string, more: object = {}) => ({
  execution,
  status,
  authority: 'reported',
  source: 'report',
  reportId: randomUUID(),
  ...(status === 'completed' ? {} : { errorMessage: `reported as ${status}` }),
  ...more,
});

/** One run as the resolver reads it; `order` puts it in the chain. */
export const chainRun = (
  runId: string,
  order: number,
  status = 'running',
  cause = order === 1 ? 'start' : 'continue_as_new',
) => ({
  runId,
  runNumber: order,
  cause,
  status,
  startedAt: `2026-01-01T00:00:0${order}Z`,
  closedAt: status === 'running' ? null : `2026-01-01T00:00:0${order + 1}Z`,
  errorMessage: null,
  previousRunId: null as string | null,
  wasEnd: false,
});

export const outcome = (execution: string, status: string, more: object = {}) => ({
  execution,
  status,
  authority: 'engine',
  source: 'watch',
  runId: 'first',
  firstRunId: 'first',
  completedAt: '2030-01-01T00:00:00.123456Z',
  runs: [chainRun('first', 1, status)],
  ...(status === 'completed' ? {} : { errorMessage: `ended as ${status}` }),
  ...more,
});

export const open = (execution: string, more: object = {}) => ({
  execution,
  source: 'watch',
  firstRunId: 'first',
  runId: 'first',
  runs: [chainRun('first', 1)],
  ...more,
});
