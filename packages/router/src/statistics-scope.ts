import type { Scope, Workflow } from '@runledger/contracts';
import { Instant } from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from './context.ts';
import { workflowNotFound } from './create-execution.ts';

/** Started at or after `from` and before `to`; since the beginning without them. Widened to whole UTC hours. */
export const Window = z.object({ workflowId: z.uuid().optional(), from: Instant.optional(), to: Instant.optional() });

/** Whose: the caller's own, or everybody's of a workflow that the caller owns. */
export const Of = z.enum(['caller', 'everyone']);
export const of = Of.default('caller');

export const limitOf = (most: number) => z.number().int().min(1).max(most).default(10);

/**
 * The workflow that the caller asks about for everybody; `null`: only about their own.
 * @throws `not_found` where the workflow is not the caller's: others must not learn that it exists
 */
export async function ownedOf(
  ctx: CallerContext,
  request: { of: z.infer<typeof Of>; workflowId?: string | undefined },
): Promise<Workflow | null> {
  const { userId } = ctx.caller;
  if (request.of === 'caller') return null;
  const workflow = request.workflowId ? await ctx.workflows.getWorkflow(request.workflowId, userId) : null;
  if (workflow?.userId !== userId) throw workflowNotFound(request.workflowId ?? 'without an id');
  return workflow;
}

export const scopeOf = (ctx: CallerContext, owned: Workflow | null): Scope => ({
  userId: ctx.caller.userId,
  ...(owned ? { ownedWorkflowId: owned.id } : {}),
});
