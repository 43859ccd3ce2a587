import type { Execution, UpdateExecutionInput } from '@runledger/contracts';
import {
  EXECUTION_STATUSES,
  ExecutionError,
  GivenColumns,
  issuesSentence,
  isTerminal,
  storableText,
  VERDICT_LIMIT,
} from '@runledger/contracts';
import { z } from 'zod';
import { callDatabase } from './call-database.ts';
import { findExecutionId } from './find-execution.ts';
import { EXECUTION_COLUMNS, toExecution } from './from-row.ts';
import { serviceRoleNeeded } from './ledger-error.ts';
import { keepOrNote, keepPayload, requireDoubles, requirePayload } from './payload.ts';
import type { Report, ReportContext } from './report.ts';
import { reportedError } from './reported-error.ts';
import { ReportedTime } from './reported-time.ts';
import { notFound, sendReport } from './send-report.ts';

const Update = z.object({
  status: z.enum(EXECUTION_STATUSES).optional(),
  completedAt: ReportedTime.nullish(),
  durationMs: z.number().nonnegative().max(Number.MAX_SAFE_INTEGER).nullish(),
  activitiesExecuted: z.number().int().nonnegative().max(2_147_483_647).nullish(),
  verdict: z.string().max(VERDICT_LIMIT).nullish(),
  tags: GivenColumns.shape.tags,
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

function parse(update: UpdateExecutionInput) {
  const parsed = Update.safeParse(update);
  if (parsed.success) return { ...update, ...parsed.data };
  throw new ExecutionError('invalid_input', `Invalid update: ${issuesSentence(parsed.error)}`, {
    cause: parsed.error,
    fields: z.flattenError(parsed.error).fieldErrors,
  });
}

const iso = (at: string | Date | null | undefined) => (at instanceof Date ? at.toISOString() : (at ?? undefined));

/** Columns that may change at any time, whatever the status is. Tables are written and read as doubles. */
function columns(update: Partial<ReturnType<typeof parse>>) {
  const { output, outputNote } = keepPayload(update.output);
  requireDoubles('output', output);
  const payload = (name: 'stateSnapshot' | 'metadata') => {
    const value = requirePayload(name, update[name] ?? undefined);
    requireDoubles(name, value);
    return value;
  };
  return Object.fromEntries(
    Object.entries({
      status: update.status,
      output,
      output_note: outputNote,
      ...(update.error === undefined ? {} : withError(update.error)),
      completed_at: iso(update.completedAt),
      duration_ms:
        update.durationMs === undefined || update.durationMs === null ? undefined : Math.round(update.durationMs),
      activities_executed: update.activitiesExecuted ?? undefined,
      state_snapshot: payload('stateSnapshot'),
      verdict: update.verdict,
      tags: update.tags ?? undefined,
      metadata: payload('metadata'),
    }).filter(([, value]) => value !== undefined),
  );
}

function withError(error: unknown) {
  const { errorMessage, failure } = reportedError(error, '');
  return { error_message: errorMessage || null, failure };
}

/** A terminal status goes the way of a report; the same end again is fine, another one is not. */
async function reportEnd(context: ReportContext, ref: string, update: ReturnType<typeof parse>): Promise<string> {
  const status = update.status as Report['status'];
  const failed =
    status === 'completed' ? {} : reportedError(update.error, `It ended as ${status}; no reason was given.`);
  const marked = await sendReport(context, ref, {
    status,
    ...(status === 'completed' ? keepPayload(update.output) : {}),
    ...failed,
    completedAt: iso(update.completedAt),
    durationMs: update.durationMs ?? undefined,
    activitiesExecuted: update.activitiesExecuted ?? undefined,
    stateSnapshot: keepOrNote(update.stateSnapshot),
    verdict: update.verdict ? storableText(update.verdict) : undefined,
  });
  if (marked.result !== 'applied' && marked.status !== status) {
    throw new ExecutionError(
      'illegal_transition',
      `Execution ${marked.executionId} is ${marked.status}: it cannot become ${status}. The first end that was recorded stands.`,
    );
  }
  return marked.executionId;
}

/** Changes an execution that is named by row id or Temporal workflow id, and returns it as it then stands. */
export async function updateExecution(
  context: ReportContext,
  ref: string,
  input: UpdateExecutionInput,
): Promise<Execution> {
  const { supabase, call } = context;
  const update = parse(input);
  let id: string | null;
  let rest: ReturnType<typeof columns>;
  if (update.status !== undefined && isTerminal(update.status)) {
    id = await reportEnd(context, ref, update);
    // After it: metadata that is refused must not lose the end.
    rest = columns({ tags: update.tags, metadata: update.metadata });
  } else {
    rest = columns(update);
    id = await findExecutionId(supabase, ref, call);
    if (id === null) throw notFound(ref);
  }
  const changed = id;
  const rows =
    Object.keys(rest).length > 0
      ? await callDatabase(
          () =>
            supabase
              .from('workflow_executions')
              .update(rest as { tags?: string[] })
              .eq('id', changed)
              .select(EXECUTION_COLUMNS),
          call,
        )
      : await callDatabase(
          () => supabase.from('workflow_executions').select(EXECUTION_COLUMNS).eq('id', changed),
          call,
        );
  const row = (rows as unknown as object[])[0];
  if (row) return toExecution(row);
  // Found before, and not changed: row-level security lets a user's client read it and write nothing.
  throw (await findExecutionId(supabase, changed, call)) === null ? notFound(ref) : serviceRoleNeeded('update');
}
