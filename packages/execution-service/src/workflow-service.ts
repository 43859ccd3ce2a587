import type { Json, ListedWorkflow, Workflow, WorkflowService } from '@runledger/contracts';
import {
  CreateWorkflowInput,
  DEFINITIONS_PER_USER,
  ExecutionError,
  issuesSentence,
  UpdateWorkflowInput,
} from '@runledger/contracts';
import { z } from 'zod';
import type { CallOptions } from './call-database.ts';
import { CALL_DEFAULTS, callDatabase } from './call-database.ts';
import { isUuid } from './find-execution.ts';
import { fromRow } from './from-row.ts';
import type { SupabaseLike } from './supabase.ts';
import { typed } from './supabase.ts';
import { decodeWorkflowCursor, encodeWorkflowCursor } from './workflow-cursor.ts';

/** Workflows on a page. Each may have a schema of 64 KB. */
const PAGE = 100;
const LARGEST_PAGE = 200;
/** Bytes of schemas at which a page ends, as an answer of the database does: a user may define a thousand of 32 KB. */
const PAGE_BYTES = 500_000;

function toWorkflow(row: object): Workflow {
  const {
    hostTable: _,
    hostDeletedAt: __,
    ...workflow
  } = fromRow(row) as unknown as Workflow & Record<string, unknown>;
  return workflow;
}

function toListed(row: object): ListedWorkflow {
  const { publisherName: name, ...workflow } = toWorkflow(row) as Workflow & { publisherName: string | null };
  return { ...workflow, publisher: workflow.visibility === 'published' ? { userId: workflow.userId, name } : null };
}

function parse<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ExecutionError('invalid_input', `Invalid workflow: ${issuesSentence(parsed.error)}`, {
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
    redact: input.redact,
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
    async listWorkflows(userId, { limit = PAGE, cursor = null } = {}) {
      const wanted = Math.min(Math.max(Math.trunc(limit), 1), LARGEST_PAGE);
      let last = cursor === null ? null : decodeWorkflowCursor(cursor);
      const items: ListedWorkflow[] = [];
      let bytes = 0;
      // One more than wanted tells whether it goes on. The API's own limit may cut an answer: only an empty one is the end.
      while (items.length <= wanted && bytes < PAGE_BYTES) {
        const after = last ? { p_after_own: last.isOwn, p_after_name: last.name, p_after_id: last.id } : {};
        const asked = { p_user_id: userId, p_limit: wanted + 1 - items.length, ...after };
        const rows = await callDatabase(() => supabase.rpc('list_workflows', asked), call);
        items.push(...rows.map(toListed));
        for (const { input_schema } of rows) bytes += input_schema === null ? 0 : JSON.stringify(input_schema).length;
        if (rows.length === 0) return { items, nextCursor: null };
        last = positionOf(items.at(-1) as ListedWorkflow, userId);
      }
      const page = items.slice(0, wanted);
      return { items: page, nextCursor: encodeWorkflowCursor(positionOf(page.at(-1) as ListedWorkflow, userId)) };
    },

    async getWorkflow(ref, userId) {
      const asked = { p_user_id: userId, p_ref: ref };
      const rows = await callDatabase(() => supabase.rpc('get_workflow', asked), call);
      return rows[0] ? toWorkflow(rows[0]) : null;
    },

    async createWorkflow(userId, input, { mayPublish = false, atMost = DEFINITIONS_PER_USER } = {}) {
      const p_workflow = toColumns(parse(CreateWorkflowInput, input)) as Json;
      const asked = { p_user_id: userId, p_workflow, p_may_publish: mayPublish, p_at_most: atMost };
      const rows = await callDatabase(() => supabase.rpc('create_workflow', asked), { ...call, retries: 0 });
      return toWorkflow(rows[0] as object);
    },

    async updateWorkflow(id, userId, input, { mayPublish = false, mayReveal = false } = {}) {
      const p_changes = toColumns(parse(UpdateWorkflowInput, input)) as Json;
      const asked = { p_id: id, p_user_id: userId, p_changes, p_may_publish: mayPublish, p_may_reveal: mayReveal };
      const rows = isUuid(id) ? await callDatabase(() => supabase.rpc('update_workflow', asked), call) : [];
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

const positionOf = ({ userId: owner, name, id }: Workflow, userId: string) => ({ isOwn: owner === userId, name, id });
