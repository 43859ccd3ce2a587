import type { ExecutionStatus, MarkResult, ReportOptions } from '@runledger/contracts';
import { ExecutionError, exactly, storableText } from '@runledger/contracts';
import { callDatabase } from './call-database.ts';
import { findExecutionId, isUuid } from './find-execution.ts';
import type { Report, ReportContext } from './report.ts';
import { reportByUpdate } from './report-by-update.ts';

export function notFound(ref: string): ExecutionError {
  return new ExecutionError(
    'not_found',
    `There is no execution ${ref}: neither a row id nor a Temporal workflow id. Create it before reporting on it.`,
  );
}

function checkDuration(durationMs: number | undefined): number | undefined {
  if (durationMs === undefined) return undefined;
  if (!Number.isFinite(durationMs) || durationMs < 0) {
    throw new ExecutionError('invalid_input', `Invalid duration ${durationMs} ms: must be 0 or more.`, {
      fields: { durationMs: ['must be 0 or more'] },
    });
  }
  return Math.round(durationMs);
}

function checkOptions(ref: string, { reportId, runId, verdict }: ReportOptions): string {
  if (typeof ref !== 'string' || ref === '') {
    throw new ExecutionError('invalid_input', 'Name the execution: its row id, or its Temporal workflow id.');
  }
  if (reportId !== undefined && !isUuid(reportId)) {
    throw new ExecutionError('invalid_input', `The report id ${reportId} is not a uuid. Pass a uuid, or none.`);
  }
  if (runId !== undefined && runId.length > 255) {
    throw new ExecutionError('invalid_input', 'A run id has at most 255 characters.');
  }
  if (verdict !== undefined && (verdict.length < 1 || verdict.length > 100)) {
    throw new ExecutionError('invalid_input', 'A verdict has 1 to 100 characters.');
  }
  return reportId ?? crypto.randomUUID();
}

/** What the caller says beside the end. One bad character in it must not lose the end. */
function storableOptions({ runId, actor, verdict }: ReportOptions): Pick<ReportOptions, 'runId' | 'actor' | 'verdict'> {
  const clean = (text: string | undefined) => (text === undefined ? undefined : storableText(text));
  return {
    runId: clean(runId),
    actor: clean(actor),
    ...(verdict === undefined ? {} : { verdict: clean(verdict) }),
  };
}

/**
 * Sends a report down the one SQL path, with one report id for all attempts. Where the functions are not there (yet, or
 * for an API that has not reloaded its schema) it falls back to one update, which the triggers guard.
 */
export async function sendReport(
  { supabase, call }: ReportContext,
  ref: string,
  report: Report,
  options: ReportOptions = {},
): Promise<MarkResult> {
  const reportId = checkOptions(ref, options);
  // No id has what Postgres cannot store.
  if (storableText(ref) !== ref) throw notFound(storableText(ref));
  const durationMs = checkDuration(report.durationMs);
  const said = storableOptions(options);
  const item = { ...report, durationMs, execution: ref, authority: 'reported', source: 'report', reportId, ...said };
  const answers = await callDatabase(
    () => supabase.rpc('record_outcomes', { p_outcomes: exactly([item]), p_count_runs: true }),
    call,
  ).catch(async (error: ExecutionError) => {
    if (error.code !== 'schema_outdated') throw error;
    const id = await findExecutionId(supabase, ref, call);
    if (id === null) throw notFound(ref);
    return [await reportByUpdate({ supabase, call }, id, { ...report, durationMs, reportId, ...said })];
  });
  const answer = answers[0];
  if (!answer || answer.result === 'not_found') throw notFound(ref);
  return {
    result: answer.result as MarkResult['result'],
    executionId: answer.execution_id,
    status: answer.status as ExecutionStatus,
    revision: answer.revision,
    reportId,
    executionCount: answer.run_count,
  };
}
