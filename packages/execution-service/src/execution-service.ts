import type { CreateExecutionInput, ExecutionService, ExecutionWithWorkflow, Json } from '@runledger/contracts';
import {
  ExecutionError,
  exactly,
  GivenColumns,
  issuesSentence,
  TemporalId,
  USER_ID_LIMIT,
  WorkflowRef,
} from '@runledger/contracts';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { CallOptions } from './call-database.ts';
import { CALL_DEFAULTS, callDatabase } from './call-database.ts';
import { countExecutions } from './count-executions.ts';
import { findExecutionId, findMergedInto, isUuid } from './find-execution.ts';
import { toColumns, toExecutionWithWorkflow, WITH_WORKFLOW_COLUMNS } from './from-row.ts';
import { serviceRoleNeeded } from './ledger-error.ts';
import { listExecutions } from './list-executions.ts';
import { keepInput, keepPayload, requirePayload } from './payload.ts';
import { reportedError } from './reported-error.ts';
import { ReportedTime } from './reported-time.ts';
import { scopeArguments } from './search-executions.ts';
import { checkProgress, createProgressWriter } from './send-progress.ts';
import { sendReport } from './send-report.ts';
import { createShrinkingBatch } from './shrinking-batch.ts';
import type { FilteredStatsRow } from './stats.ts';
import { toFilteredStats, toStats } from './stats.ts';
import { filteredArguments, isCounted } from './stats-request.ts';
import type { SupabaseLike } from './supabase.ts';
import { typed } from './supabase.ts';
import { updateExecution } from './update-execution.ts';

const CreateExecution = z.object({
  workflowId: WorkflowRef,
  userId: z.string().min(1).max(USER_ID_LIMIT),
  temporalWorkflowId: TemporalId.nullish(),
  temporalRunId: z.string().min(1).max(255).nullish(),
  temporalNamespace: TemporalId.nullish(),
  ...GivenColumns.shape,
  metadata: z.record(z.string(), z.unknown()).nullish(),
  startedAt: ReportedTime.transform((at) => (at instanceof Date ? at.toISOString() : at)).nullish(),
});

/** Checks the arguments and writes them as the SQL function takes them. */
function creation(input: CreateExecutionInput): Json {
  const parsed = CreateExecution.safeParse(input);
  if (!parsed.success) {
    throw new ExecutionError('invalid_input', `Invalid execution: ${issuesSentence(parsed.error)}`, {
      cause: parsed.error,
      fields: z.flattenError(parsed.error).fieldErrors,
    });
  }
  const { metadata: given, userId, ...rest } = parsed.data;
  requirePayload('', { userId, ...rest });
  if (rest.temporalRunId && !rest.temporalWorkflowId) {
    throw new ExecutionError('invalid_input', 'A temporalRunId needs its temporalWorkflowId. Pass both.', {
      fields: { temporalWorkflowId: ['is missing beside temporalRunId'] },
    });
  }
  const { input: payload, inputNote } = keepInput(input.input);
  const metadata = requirePayload('metadata', given ?? undefined);
  return {
    ...toColumns({ id: uuidv7(), createdBy: userId, ...rest, inputNote, metadata }),
    ...(payload === undefined ? {} : { input: payload }),
  };
}

function unsuccessful(
  status: 'cancelled' | 'timed_out' | 'terminated',
  reason: string | undefined,
  fallback: string,
  durationMs?: number,
) {
  const { errorMessage } = reportedError(reason, fallback);
  return { status, durationMs, errorMessage, reason: errorMessage };
}

function uuid(workflowId: string): string {
  if (isUuid(workflowId)) return workflowId;
  throw new ExecutionError(
    'invalid_input',
    `The workflow id ${workflowId} is not a uuid. Pass the id of a row in workflows.`,
    {
      fields: { workflowId: ['is not a uuid'] },
    },
  );
}

export interface ExecutionServiceOptions {
  /** Deadline, retries and pauses of every call. */
  call?: Partial<CallOptions>;
}

/**
 * The ledger over any supabase-js client. Reading works with a signed-in user's client, within row-level security;
 * writing needs one with the service-role key.
 */
export function createExecutionService(client: SupabaseLike, options: ExecutionServiceOptions = {}): ExecutionService {
  const supabase = typed(client);
  const call: CallOptions = { ...CALL_DEFAULTS, ...options.call };
  const context = { supabase, call };
  const progress = createProgressWriter(context);
  const clients = { table: supabase, search: supabase, call };

  async function getExecutionById(id: string): Promise<ExecutionWithWorkflow | null> {
    if (!isUuid(id)) return null;
    const rows = await callDatabase(
      () => supabase.from('workflow_executions').select(WITH_WORKFLOW_COLUMNS).eq('id', id),
      call,
    );
    if (rows[0]) return toExecutionWithWorkflow(rows[0]);
    const kept = await findMergedInto(supabase, id, call);
    return kept === null ? null : getExecutionById(kept);
  }

  return {
    async createExecution(input) {
      const p_execution = creation(input);
      const created = await callDatabase(
        () => supabase.rpc('create_execution', { p_execution: exactly(p_execution) }),
        call,
      );
      const { execution } = created as unknown as { execution: { id: string } };
      return (await getExecutionById(execution.id)) ?? toExecutionWithWorkflow(execution);
    },

    updateExecution: (temporalWorkflowId, update) => updateExecution(context, temporalWorkflowId, update),
    updateExecutionById: (id, update) => updateExecution(context, id, update),

    async getExecution(temporalWorkflowId) {
      const rows = await callDatabase(
        () =>
          supabase
            .from('workflow_executions')
            .select(WITH_WORKFLOW_COLUMNS)
            .eq('temporal_workflow_id', temporalWorkflowId)
            .order('started_at', { ascending: false })
            .order('id', { ascending: false })
            .limit(1),
        call,
      );
      return rows[0] ? toExecutionWithWorkflow(rows[0]) : null;
    },

    getExecutionById,

    listExecutions: async (workflowId, list = {}) => listExecutions(clients, { workflowId: uuid(workflowId) }, list),
    listExecutionsByUser: (userId, list = {}) => listExecutions(clients, { userId }, list),
    countExecutions: (filter) => countExecutions(supabase, {}, { filter, call }),

    async getStats(workflowId, { userId, from, to, ...filter } = {}) {
      const window = { ...(from ? { p_from: from } : {}), ...(to ? { p_to: to } : {}) };
      const scope = { workflowId: uuid(workflowId), userId };
      const {
        previous: _,
        change: __,
        ...stats
      } = isCounted(filter)
        ? toStats(
            await callDatabase(
              () => supabase.rpc('get_execution_stats', { ...scopeArguments(scope), ...window }),
              call,
            ),
          )
        : toFilteredStats(
            (await callDatabase(
              () => supabase.rpc('get_filtered_stats', { ...filteredArguments(scope, filter), ...window }),
              call,
            )) as unknown as FilteredStatsRow[],
            filter.by,
          );
      return stats;
    },

    markCompleted: (id, output, durationMs, report) =>
      sendReport(context, id, { status: 'completed', durationMs, ...keepPayload(output) }, report),

    markFailed: (id, error, durationMs, report) =>
      sendReport(
        context,
        id,
        { status: 'failed', durationMs, ...reportedError(error, 'It failed; no reason was given.') },
        report,
      ),

    markCancelled: (id, reason, durationMs, report) =>
      sendReport(context, id, unsuccessful('cancelled', reason, 'It was cancelled.', durationMs), report),

    markTimedOut: (id, reason, durationMs, report) =>
      sendReport(context, id, unsuccessful('timed_out', reason, 'It timed out.', durationMs), report),

    markTerminated: (id, reason, durationMs, report) =>
      sendReport(context, id, unsuccessful('terminated', reason, 'It was terminated.', durationMs), report),

    async reportProgress(id, report, { runId } = {}) {
      const about = { execution: id, report: checkProgress(report), ...(runId === undefined ? {} : { runId }) };
      return progress.write(JSON.stringify([id, runId]), about);
    },

    async deleteExecution(ref) {
      const id = await findExecutionId(supabase, ref, call);
      if (id === null) return false;
      const rows = await callDatabase(
        () => supabase.from('workflow_executions').delete().eq('id', id).select('id'),
        call,
      );
      if (rows.length === 0 && (await findExecutionId(supabase, id, call)) !== null) throw serviceRoleNeeded('delete');
      return rows.length > 0;
    },

    async deleteWorkflowExecutions(workflowId, { userId } = {}) {
      const parts = createShrinkingBatch(1_000);
      let deleted = 0;
      for (;;) {
        const batch = await parts.run((p_limit) =>
          callDatabase(
            () =>
              supabase.rpc('delete_workflow_executions', {
                p_workflow_id: uuid(workflowId),
                p_limit,
                ...(userId === undefined ? {} : { p_user_id: userId }),
              }),
            call,
          ),
        );
        deleted += batch;
        if (batch === 0) return deleted;
      }
    },

    async getRunCount(userId, workflowId) {
      return await callDatabase(
        () =>
          supabase.rpc('get_user_workflow_run_count', {
            p_user_id: userId,
            ...(workflowId === undefined ? {} : { p_workflow_id: uuid(workflowId) }),
          }),
        call,
      );
    },
  };
}
