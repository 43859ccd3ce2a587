import type { ExecutionError, ExecutionStatus, ReportOptions } from '@runledger/contracts';
import { isTerminal, OPEN_STATUSES } from '@runledger/contracts';
import { callDatabase } from './call-database.ts';
import type { Report, ReportContext } from './report.ts';

/**
 * A report without the SQL functions: one update with its guard in the `where`. The triggers write the transition, fill
 * in what is missing, and refuse what is illegal, exactly as they do for the functions.
 */
export async function reportByUpdate(
  { supabase, call }: ReportContext,
  id: string,
  report: Report & ReportOptions & { reportId: string },
) {
  const updated = await callDatabase(
    () =>
      supabase
        .from('workflow_executions')
        .update({
          status: report.status,
          output: report.output ?? null,
          output_note: report.outputNote ?? null,
          error_message: report.errorMessage ?? null,
          failure: report.failure ?? null,
          ...(report.completedAt ? { completed_at: report.completedAt } : {}),
          ...(report.durationMs === undefined ? {} : { duration_ms: report.durationMs }),
          ...(report.runId ? { closing_run_id: report.runId } : {}),
          ...(report.activitiesExecuted === undefined ? {} : { activities_executed: report.activitiesExecuted }),
          ...(report.stateSnapshot === undefined ? {} : { state_snapshot: report.stateSnapshot }),
          ...(report.verdict === undefined ? {} : { verdict: report.verdict }),
          last_transition: {
            source: 'report',
            reportId: report.reportId,
            actor: report.actor ?? null,
            reason: report.reason ?? null,
          },
        })
        .eq('id', id)
        .in('status', OPEN_STATUSES)
        .select('id'),
    call,
  ).catch((error: ExecutionError) => {
    // The engine contradicted an earlier report about this run.
    if (error.code === 'conflict') return [];
    throw error;
  });
  if (updated.length === 0 && report.verdict !== undefined) {
    // The business may speak after the engine.
    const { verdict } = report;
    await callDatabase(() => supabase.from('workflow_executions').update({ verdict }).eq('id', id).select('id'), call);
  }
  const row = (
    await callDatabase(
      () =>
        supabase
          .from('workflow_executions')
          .select('id,status,revision,outcome_authority,cancel_requested_at,created_by,workflow_id')
          .eq('id', id),
      call,
    )
  )[0];
  if (!row) return undefined;
  const mine = await callDatabase(
    () =>
      supabase.from('execution_transitions').select('revision').eq('execution_id', id).eq('report_id', report.reportId),
    call,
  );
  const counts = await callDatabase(
    () =>
      supabase
        .from('workflow_run_counts')
        .select('total_count')
        .eq('user_id', row.created_by)
        .eq('workflow_id', row.workflow_id),
    call,
  );
  return {
    result:
      updated.length > 0 || mine.length > 0
        ? 'applied'
        : isTerminal(row.status as ExecutionStatus)
          ? 'already_terminal'
          : 'conflict',
    execution_id: row.id,
    status: row.status,
    revision: row.revision,
    run_count: counts[0]?.total_count ?? 0,
  };
}
