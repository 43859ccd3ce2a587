import type {
  LatestWriter,
  Progress,
  ProgressResult,
  RedactingWorkflow,
  ProgressReport as Report,
} from '@runledger/contracts';
import { createLatestWriter, ExecutionError, ProgressReport, storableText } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import { notFound } from './send-report.ts';
import type { Supabase } from './supabase.ts';

/** A report about an execution: by row id or Temporal workflow id. */
export interface AboutProgress {
  execution: string;
  /** Only where it is this user's. */
  user?: string;
  runId?: string;
  report: Report;
}

/** @throws ExecutionError `not_found` */
export async function sendProgress(
  { supabase, call }: { supabase: Supabase; call: CallOptions },
  { execution, user, runId, report }: AboutProgress,
): Promise<ProgressResult> {
  // No id has what Postgres cannot store.
  if (storableText(execution) !== execution) throw notFound(storableText(execution));
  const { message } = report;
  const p_report = {
    ...{ ...report, execution },
    // One bad character in a sentence loses neither the figures beside it nor the end after it.
    ...(message === undefined ? {} : { message: storableText(message) }),
    ...(user === undefined ? {} : { user }),
    ...(runId === undefined ? {} : { runId: storableText(runId) }),
  };
  const answer = await callDatabase(() => supabase.rpc('report_progress', { p_report }), call);
  const { result } = answer as unknown as { result: ProgressResult | 'not_found' };
  if (result === 'not_found') throw notFound(execution);
  return result;
}

/** What a caller reports, as it is kept. @throws ExecutionError `invalid_input` */
export function checkProgress(report: Report): Report {
  const checked = ProgressReport.safeParse(report);
  if (checked.success) return checked.data;
  const problem = checked.error.issues
    .map(({ path, message }) => [path.join('.'), message].join(' ').trim())
    .join('; ');
  throw new ExecutionError('invalid_input', `Invalid progress: ${problem}.`);
}

/** Writes at most one report a second of each execution's run, the latest. */
export function createProgressWriter(to: {
  supabase: Supabase;
  call: CallOptions;
}): LatestWriter<AboutProgress, ProgressResult> {
  return createLatestWriter({
    send: (about) => sendProgress(to, about),
    merge: (older, newer) => ({ ...newer, report: { ...older.report, ...newer.report } }),
  });
}

/** Highest estimate, in percent: nobody knows that it is about to end. */
const MOST_ESTIMATED = 95;

/** The answer of `progress_of`. */
export interface ProgressRow {
  status: Progress['status'];
  workflow: RedactingWorkflow;
  reported: {
    step: number | null;
    steps: number | null;
    percent: number | null;
    message: string | null;
    reported_at: string;
    counter: number;
  } | null;
  elapsed_ms: number;
  usual_ms: number | null;
}

export function toProgress(executionId: string, row: Omit<ProgressRow, 'workflow'>): Progress | null {
  const of = { executionId, status: row.status };
  if (row.reported) {
    const { reported_at: reportedAt, ...reported } = row.reported;
    return { ...of, ...reported, reportedAt, estimated: false };
  }
  if (row.usual_ms === null) return null;
  const share = row.usual_ms === 0 ? 100 : (100 * Math.max(0, row.elapsed_ms)) / row.usual_ms;
  const percent = Math.min(MOST_ESTIMATED, Math.round(share));
  return { ...of, step: null, steps: null, percent, message: null, estimated: true, reportedAt: null, counter: 0 };
}
