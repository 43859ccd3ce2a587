import type { SqlSession } from '@runledger/local-stack';

/** One row of the ledger with all that hangs on it. */
export interface Row {
  id: string;
  workflow_id: string;
  created_by: string;
  engine: 'temporal' | 'none';
  temporal_workflow_id: string | null;
  temporal_run_id: string | null;
  closing_run_id: string | null;
  run_count: number;
  status: string;
  outcome_authority: string | null;
  verdict: string | null;
  activities_executed: number | null;
  /** Microseconds since 1970, as text. */
  completed_at_us: string | null;
  engine_started_at_us: string | null;
  first_task_at_us: string | null;
  duration_ms: number | null;
  cancel_requested_by: string | null;
  /** As Postgres prints it; `null` without one. */
  output_text: string | null;
  /** Ends on the engine's authority, oldest first. */
  ends: { run_id: string | null; status: string; source: string }[];
  runs: { run_id: string; status: string }[];
  isUnsettled: boolean;
}

export const readRows = (database: SqlSession): Promise<Row[]> =>
  database.query<Row>(
    `select e.id, e.workflow_id, e.created_by, e.engine, e.temporal_workflow_id, e.temporal_run_id, e.closing_run_id,
            e.run_count, e.status, e.outcome_authority, e.verdict, e.activities_executed,
            (extract(epoch from e.completed_at) * 1000000)::bigint::text as completed_at_us,
            (extract(epoch from e.engine_started_at) * 1000000)::bigint::text as engine_started_at_us,
            (extract(epoch from e.first_task_at) * 1000000)::bigint::text as first_task_at_us,
            e.duration_ms::float8 as duration_ms, e.cancel_requested_by, e.output::text as output_text,
            (select coalesce(json_agg(json_build_object('run_id', t.run_id, 'status', t.to_status, 'source', t.source)
                                      order by t.revision), '[]')
               from runledger.execution_transitions t
              where t.execution_id = e.id and t.authority = 'engine' and runledger_private.is_end(t.to_status)
                and t.merged_execution_id is null) as ends,
            (select coalesce(json_agg(json_build_object('run_id', r.run_id, 'status', r.status)), '[]')
               from runledger.execution_runs r where r.execution_id = e.id) as runs,
            exists (select from runledger.execution_checks c where c.execution_id = e.id) as "isUnsettled"
       from runledger.workflow_executions e`,
  );

/** State and count of activities of each execution's timeline; `null` in a database without timelines. */
export async function readTimelines(
  database: SqlSession,
): Promise<Map<string, { state: string; activities: number | null }> | null> {
  const [table] = await database.query<{ found: string | null }>(
    `select to_regclass('runledger.execution_timelines')::text as found`,
  );
  if (!table?.found) return null;
  const rows = await database.query<{ execution_id: string; state: string; activities: number | null }>(
    'select execution_id, state, activities_executed as activities from runledger.execution_timelines',
  );
  return new Map(rows.map(({ execution_id, state, activities }) => [execution_id, { state, activities }]));
}
