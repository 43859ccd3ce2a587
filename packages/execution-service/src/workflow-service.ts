import type { Json, Workflow, WorkflowService } from '@runledger/contracts';
import { CreateWorkflowInput, ExecutionError, UpdateWorkflowInput } from '@runledger/contracts';
import { z } from 'zod';
import type { CallOptions } from './call-database.ts';
import { CALL_DEFAULTS, callDatabase } from './call-database.ts';
import { isUuid } from './find-execution.ts';
import { fromRow } from './from-row.ts';
import type { SupabaseLike } from './supabase.ts';
import { typed } from './supabase.ts';

const COLUMNS =
  'id,user_id,name,description,temporal_namespace,workflow_type,task_queue,input_schema,execution_timeout,run_timeout,retry_policy,visibility,archived_at,created_at,updated_at';

/** Each may have a schema of 64 KB. A page may also be cut by the API's limit of rows: only an empty one is the end. */
const PAGE = 100;

const toWorkflow = (row: object) => fromRow(row) as unknown as Workflow;

function parse<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ExecutionError('invalid_input', `This workflow cannot be: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
    fields: z.flattenError(parsed.error).fieldErrors as Record<string, string[]>,
  });
}

function toColumns(input: z.output<typeof UpdateWorkflowInput> & { temporalNamespace?: string }) {
  const columns = {
    name: input.name,
    description: input.description,
    temporal_namespace: input.temporalNamespace,
    workflow_type: input.workflowType,
    task_queue: input.taskQueue,
    input_schema: input.inputSchema as Json | undefined,
    execution_timeout: input.executionTimeout,
    run_timeout: input.runTimeout,
    retry_policy: input.retryPolicy as Json | undefined,
    visibility: input.visibility,
    archived_at: input.archived === undefined ? undefined : input.archived ? new Date().toISOString() : null,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as typeof columns;
}

/** Definitions of workflows over a client with the service-role key; every call says for which user it acts. */
export function createWorkflowService(
  client: SupabaseLike,
  options: { call?: Partial<CallOptions> } = {},
): WorkflowService {
  const supabase = typed(client);
  const call: CallOptions = { ...CALL_DEFAULTS, ...options.call };

  return {
    async listWorkflows(userId) {
      const workflows: Workflow[] = [];
      for (;;) {
        const last = workflows.at(-1);
        const after = last ? { p_after_name: last.name, p_after_id: last.id } : {};
        const asked = { p_user_id: userId, p_limit: PAGE, ...after };
        const rows = await callDatabase(() => supabase.rpc('visible_workflows', asked), call);
        if (rows.length === 0) return workflows;
        workflows.push(...rows.map(toWorkflow));
      }
    },

    async getWorkflow(id, userId) {
      if (!isUuid(id)) return null;
      const rows = await callDatabase(() => supabase.rpc('visible_workflows', { p_user_id: userId, p_id: id }), call);
      return rows[0] ? toWorkflow(rows[0]) : null;
    },

    async createWorkflow(userId, input) {
      const columns = toColumns(parse(CreateWorkflowInput, input));
      const rows = await callDatabase(
        () =>
          supabase
            .from('workflows')
            .insert({ ...columns, user_id: userId } as never)
            .select(COLUMNS),
        { ...call, retries: 0 },
      );
      return toWorkflow(rows[0] as object);
    },

    async updateWorkflow(id, userId, input) {
      const columns = toColumns(parse(UpdateWorkflowInput, input));
      const rows = isUuid(id)
        ? await callDatabase(
            () =>
              supabase
                .from('workflows')
                .update(columns as never)
                .eq('id', id)
                .eq('user_id', userId)
                .select(COLUMNS),
            call,
          )
        : [];
      if (!rows[0]) {
        throw new ExecutionError(
          'not_found',
          `There is no workflow ${id} that you own. Only its owner changes a workflow.`,
        );
      }
      return toWorkflow(rows[0]);
    },
  };
}
