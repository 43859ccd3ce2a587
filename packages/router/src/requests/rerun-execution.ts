import type { ExecutionWithWorkflow } from '@runledger/contracts';
import { ExecutionError, Json, REASON_LIMIT } from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from '../context.ts';
import { requireExecution } from '../control-execution.ts';
import { CreateExecutionRequest, createExecution } from '../create-execution.ts';
import type { ExecutionRules } from '../execution-rules.ts';
import { ExecutionId, shortText } from '../request.ts';

const { tags, metadata, idempotencyKey } = CreateExecutionRequest.shape;

export const RerunRequest = z.object({
  id: ExecutionId,
  /** In place of the input that it had. */
  input: Json.optional(),
  reason: shortText(REASON_LIMIT).optional(),
  /** Default: those of the execution that is repeated. */
  tags: tags.unwrap().optional(),
  /** Default: that of the execution that is repeated. */
  metadata: metadata.unwrap().optional(),
  /** The same key with the same execution and input within 24 hours is the same rerun, started once. */
  idempotencyKey,
});
export type RerunRequest = z.output<typeof RerunRequest>;

/**
 * Starts a new execution of the same workflow, as `createExecution` does: with the same input or another one. Both say so:
 * see `getRequests`.
 * @throws ExecutionError `not_found`, `illegal_transition` (a direct execution, or its input is not known exactly), and what
 *   `createExecution` throws
 */
export async function rerunExecution(
  ctx: CallerContext,
  rules: ExecutionRules,
  { id, input: given, reason, ...request }: RerunRequest,
): Promise<ExecutionWithWorkflow> {
  const old = await requireExecution(ctx, id);
  if (old.engine === 'none')
    throw new ExecutionError(
      'illegal_transition',
      `The execution ${id} did not run in Temporal; its app runs it again.`,
    );
  const input = given === undefined ? inputOf(old) : given;
  const asked = {
    workflowId: old.workflowId,
    input,
    tags: request.tags ?? old.tags,
    metadata: request.metadata ?? old.metadata,
    ...(request.idempotencyKey === undefined ? {} : { idempotencyKey: request.idempotencyKey }),
  };
  return createExecution(ctx, rules, asked, { executionId: old.id, reason: reason ?? null });
}

/** @throws ExecutionError `illegal_transition` where the ledger has another input than the one that it ran with */
function inputOf({ id, input, inputNote, startBy }: ExecutionWithWorkflow): Json {
  const unknown = (why: string) =>
    new ExecutionError('illegal_transition', `The execution ${id} ${why}; pass the input to run it with.`);
  if (inputNote !== null) throw unknown(`has not kept its input as it was (${inputNote})`);
  // What was started elsewhere may have had several arguments, which the ledger keeps as a list.
  if (startBy === null && Array.isArray(input)) throw unknown('was started elsewhere, perhaps with several arguments');
  return input;
}
