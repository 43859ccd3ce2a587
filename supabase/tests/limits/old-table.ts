import type { LedgerDatabase } from '../ledger-database.ts';

/** As teams write it: spellings of their own, text where json would be, nothing that is required. */
const oldTableSql = `
drop table if exists public.workflow_executions, public.workflow_runs, public.workflows;
create table public.workflow_executions (
  id uuid primary key default gen_random_uuid(), workflow_id uuid, created_by text, status text, input jsonb, result text,
  error_details jsonb, state_snapshot jsonb, tags text[], metadata jsonb, started_at timestamptz, completed_at timestamptz,
  duration_ms integer, temporal_workflow_id text, temporal_run_id text, priority integer);`;

/** An empty old table, and a ledger that has imported nothing. */
export const resetOldTable = ({ db }: LedgerDatabase) =>
  db.exec(`${oldTableSql}
    delete from runledger.workflow_executions; delete from runledger.execution_imports; delete from runledger.execution_import_rows`);

/** A row of the old table: Ada's, completed after a second, unless told otherwise. Answers its id. */
export async function insertOld({ db, ada }: LedgerDatabase, columns: Record<string, unknown> = {}): Promise<string> {
  const row: Record<string, unknown> = {
    workflow_id: ada.workflowId,
    created_by: ada.id,
    status: 'success',
    started_at: '2025-03-01T10:00:00.123456Z',
    completed_at: '2025-03-01T10:00:01.123456Z',
    ...columns,
  };
  const names = Object.keys(row);
  const [inserted] = await db.query<{ id: string }>(
    `insert into public.workflow_executions (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')}) returning id::text`,
    Object.values(row),
  );
  return inserted?.id as string;
}

/** Why rows were refused, by their id: the reason and what it is about. */
export async function reasonsOf({ db }: LedgerDatabase): Promise<Record<string, [string, string | null]>> {
  const refused = await db.query<{ source_id: string; reason: string; detail: string | null }>(
    `select source_id, reason, detail from runledger.execution_import_rows where result = 'refused'`,
  );
  return Object.fromEntries(refused.map(({ source_id, reason, detail }) => [source_id, [reason, detail]]));
}
