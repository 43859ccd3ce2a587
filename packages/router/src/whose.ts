import type { ExecutionWithWorkflow, Scope, Workflow } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from './context.ts';
import { executionNotFound } from './control-execution.ts';
import { workflowNotFound } from './workflow-not-found.ts';

/** Whose: the caller's own, or everybody's: of a workflow that the caller owns, or for an operator of all. */
export const Of = z.enum(['caller', 'everyone']);
export type Of = z.infer<typeof Of>;
export const of = Of.default('caller');

/** What the caller may read by its id: their own, and anybody's for an operator. */
export const readScope = ({ caller: { userId, isOperator } }: CallerContext): Scope => ({
  userId,
  ...(isOperator ? { everybody: true as const } : {}),
});

/** An execution that the caller may read. @throws ExecutionError `not_found`, also for one that they may not see */
export async function requireReadable(
  ctx: CallerContext,
  id: string,
  options: { payloads: boolean },
): Promise<ExecutionWithWorkflow> {
  const execution = await ctx.caller.reader.get(readScope(ctx), id, options);
  if (execution) return execution;
  throw executionNotFound(id);
}

/** Whose changes a subscription of a scope follows; `null`: everybody's. */
export const followed = ({ userId, everybody }: Scope) => (everybody ? null : userId);

/** The scope of a list. @throws ExecutionError `permission_denied` for whoever asks for everybody's and is not an operator */
export function listScope({ caller: { userId, isOperator } }: CallerContext, whose: Of): Scope {
  if (whose === 'caller') return { userId };
  if (isOperator) return { userId, everybody: true };
  throw new ExecutionError(
    'permission_denied',
    "Only operators of this host see everybody's executions. Leave `of` out for your own; listWorkflowExecutions has those of a workflow that you own.",
  );
}

/**
 * The scope of statistics, and the workflow whose owner asks for everybody's in it (`null`: nobody asks as an owner).
 * @throws `not_found` where the workflow is not the caller's: others must not learn that it exists
 */
export async function statisticsScope(
  ctx: CallerContext,
  request: { of: Of; workflowId?: string | undefined },
): Promise<{ scope: Scope; owned: Workflow | null }> {
  const { userId, isOperator } = ctx.caller;
  if (request.of === 'caller' || isOperator) return { scope: listScope(ctx, request.of), owned: null };
  if (request.workflowId === undefined)
    throw new ExecutionError(
      'not_found',
      "There is no workflow to count everybody's executions of. Pass the `workflowId` of one that you own, or leave `of` out.",
    );
  const workflow = await ctx.workflows.getWorkflow(request.workflowId, userId);
  if (workflow?.userId !== userId) throw workflowNotFound(request.workflowId);
  return { scope: { userId, ownedWorkflowId: workflow.id }, owned: workflow };
}
