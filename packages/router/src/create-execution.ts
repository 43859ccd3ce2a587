import type { ExecutionWithWorkflow, Workflow } from '@runledger/contracts';
import { ExecutionError, GivenColumns, Json, TAG_COUNT, TAG_LIMIT, WorkflowRef } from '@runledger/contracts';
import { pendingStartOf, recordAtOnce, startExecution } from '@runledger/starting';
import { z } from 'zod';
import type { CallerContext } from './context.ts';
import type { ExecutionRules } from './execution-rules.ts';
import { jsonBytes } from './limits.ts';
import { shortText } from './request.ts';

export const CreateExecutionRequest = z.object({
  // What the row keeps of a request; tags and metadata are bound more tightly below.
  ...GivenColumns.shape,
  /** Its id, or the key of the host's own row that it follows. */
  workflowId: WorkflowRef,
  /** Handed to the workflow as its one argument; `null` when left out. */
  input: Json.optional(),
  tags: z.array(shortText(TAG_LIMIT)).max(TAG_COUNT).default([]),
  metadata: z.record(z.string().max(100), Json).default({}),
  /** The same key with the same input within 24 hours is the same execution, started once. */
  idempotencyKey: shortText(200).optional(),
});
export type CreateExecutionRequest = z.output<typeof CreateExecutionRequest>;

/**
 * Admits an execution and starts it.
 *
 * Once it is admitted the caller always gets it, as it stands: `running`; `failed` with type `StartRefused` when Temporal
 * refuses it for good; or `pending` when Temporal or the database went away meanwhile. A pending one is driven on by the
 * reconciler, so that an error here would only make the caller start it a second time.
 */
export async function createExecution(
  ctx: CallerContext,
  rules: ExecutionRules,
  request: CreateExecutionRequest,
): Promise<ExecutionWithWorkflow> {
  const { userId, reader } = ctx.caller;
  const workflow = await ctx.workflows.getWorkflow(request.workflowId, userId);
  if (!workflow) throw workflowNotFound(request.workflowId);
  const { workflowId: _, input = null, idempotencyKey = null, ...given } = request;
  refuseUnfit(rules, workflow, { ...request, input });
  if (workflow.inputSchema) await rules.schemas.validate(workflow.inputSchema, input, userId);
  await ctx.limits?.take('storedBytes', userId, jsonBytes(input) + jsonBytes(request.metadata));
  const { execution, created } = await ctx.ledger.admit({
    ...given,
    workflow,
    userId,
    input,
    idempotencyKey,
    startWithinMs: rules.limits.startWithinMs,
  });
  const asAdmitted = {
    ...execution,
    workflow: { id: workflow.id, name: workflow.name, description: workflow.description },
  };
  try {
    if (created) {
      // The input as it was sent, not as it was read back.
      const pending = pendingStartOf({ ...execution, input }, workflow);
      await startExecution(pending, { engine: ctx.engine, recorder: recordAtOnce(ctx.ledger), source: 'service' });
    }
    return (await reader.get({ userId }, execution.id)) ?? asAdmitted;
  } catch (error) {
    ctx.log.warn(
      { err: error, executionId: execution.id, requestId: ctx.requestId },
      'admitted, left to the reconciler',
    );
    return asAdmitted;
  }
}

export function workflowNotFound(id: string): ExecutionError {
  return new ExecutionError(
    'not_found',
    `There is no workflow ${id} that you may use; see workflow.list for those you may.`,
  );
}

function refuseUnfit(
  { limits, requireStartable }: ExecutionRules,
  workflow: Workflow,
  { input, metadata }: { input: Json | null; metadata: Record<string, Json> },
): void {
  if (workflow.archivedAt !== null)
    throw new ExecutionError('not_startable', `The workflow ${workflow.name} is archived; its owner can restore it.`);
  requireStartable({ namespace: workflow.temporalNamespace, ...workflow });
  refuseLarge('input', input, limits.inputBytes);
  refuseLarge('metadata', metadata, limits.metadataBytes);
}

function refuseLarge(field: string, value: Json, limit: number): void {
  const bytes = jsonBytes(value);
  if (bytes <= limit) return;
  const problem = `has ${bytes} bytes as JSON; at most ${limit} are taken. Store large data elsewhere and pass a reference`;
  throw new ExecutionError('payload_too_large', `${field} ${problem}.`, { fields: { [field]: [problem] } });
}
