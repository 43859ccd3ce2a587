import type { SqlSession } from '@runledger/local-stack';
import type { Client } from '@temporalio/client';

export interface Difference {
  executionId: string;
  what: string;
  ledger: unknown;
  engine: unknown;
}

/** Temporal's names for ends, in the ledger's words. */
const ENDS: Record<string, string> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed_out',
};

interface Row {
  id: string;
  temporal_workflow_id: string;
  temporal_run_id: string | null;
  closing_run_id: string | null;
  status: string;
  outcome_authority: string | null;
  ends: number;
}

/** Every row against `describe()`: status, first and closing run, and that exactly one end by the engine is recorded. */
export async function compareWithEngine(database: SqlSession, temporal: Client): Promise<Difference[]> {
  const rows = await database.query<Row>(
    `select e.id, e.temporal_workflow_id, e.temporal_run_id, e.closing_run_id, e.status, e.outcome_authority,
            (select count(*)::int from public.execution_transitions t
              where t.execution_id = e.id and t.authority = 'engine' and t.to_status not in ('pending', 'running')) as ends
       from public.workflow_executions e`,
  );
  const differences: Difference[] = [];
  for (const row of rows) {
    const described = await temporal.workflow.getHandle(row.temporal_workflow_id).describe();
    const compare = (what: string, ledger: unknown, engine: unknown) => {
      if (ledger !== engine) differences.push({ executionId: row.id, what, ledger, engine });
    };
    compare('status', row.status, ENDS[described.status.name] ?? described.status.name);
    compare('authority', row.outcome_authority, 'engine');
    compare('first run', row.temporal_run_id, described.raw.workflowExecutionInfo?.firstRunId);
    compare('closing run', row.closing_run_id, described.runId);
    compare('ends recorded', row.ends, 1);
  }
  return differences;
}
