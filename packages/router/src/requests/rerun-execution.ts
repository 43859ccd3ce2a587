import type { ExecutionWithWorkflow } from '@runledger/contracts';
import {
  ExecutionError,
  givenColumns,
  hasMarks,
  Json,
  pointersInto,
  REASON_LIMIT,
  restoreRedacted,
} from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from '../context.ts';
import { executionNotFound } from '../control-execution.ts';
import { createExecution } from '../create-execution.ts';
import { CreateExecutionRequest } from '../create-request.ts';
import type { ExecutionRules } from '../execution-rules.ts';
import { ExecutionId, shortText } from '../request.ts';

const { tags, metadata, idempotencyKey } = CreateExecutionRequest.shape;

export const RerunRequest = z.object({
  id: ExecutionId,
  /** In place of the input that it had. Where it has `[redacted]`, in the place of a redacted field, the field stays as it was. */
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
  const old = await ctx.caller.clear.get({ userId: ctx.caller.userId }, id);
  if (!old) throw executionNotFound(id);
  if (old.engine === 'none')
    throw new ExecutionError(
      'illegal_transition',
      `The execution ${id} did not run in Temporal; its app runs it again.`,
    );
  const input = given === undefined ? inputOf(old) : restoredInput(given, old);
  const metadata = request.metadata && restoredMetadata(request.metadata, old);
  const asked = {
    workflowId: old.workflowId,
    input,
    ...givenColumns(old),
    ...(request.tags && { tags: request.tags }),
    ...(metadata ? { metadata } : { keepsMetadata: true }),
    ...(request.idempotencyKey === undefined ? {} : { idempotencyKey: request.idempotencyKey }),
    rerunOf: { executionId: old.id, reason: reason ?? null },
  };
  return createExecution(ctx, rules, asked);
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

/** An edited input, with the redacted fields that its editor left alone. @throws ExecutionError `invalid_input` */
function restoredInput(given: Json, { input, workflow }: ExecutionWithWorkflow): Json {
  return restored('input', given, { clear: input, paths: pointersInto(workflow.redact, 'input') });
}

/** The same of metadata. */
function restoredMetadata(
  given: Record<string, Json>,
  { metadata: clear, workflow }: ExecutionWithWorkflow,
): Record<string, Json> {
  const paths = pointersInto(workflow.redact, 'metadata').map((path) => (path.length === 0 ? ['*'] : path));
  return restored('metadata', given, { clear, paths }) as Record<string, Json>;
}

function restored(field: string, given: Json, { clear, paths }: { clear: Json; paths: string[][] }): Json {
  const whole = restoreRedacted(given, clear, paths);
  if (!hasMarks(whole, paths)) return whole;
  const problem = 'has [redacted] where it is not known which value is meant: give the value';
  throw new ExecutionError('invalid_input', `The ${field} ${problem}.`, { fields: { [field]: [problem] } });
}
