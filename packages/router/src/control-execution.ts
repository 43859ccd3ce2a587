import type { ExecutionWithWorkflow } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import type { CallerContext } from './context.ts';

/** @throws ExecutionError `not_found`, also for somebody else's execution. */
export async function requireExecution(ctx: CallerContext, id: string): Promise<ExecutionWithWorkflow> {
  const execution = await ctx.caller.reader.get({ userId: ctx.caller.userId }, id);
  if (execution) return execution;
  throw executionNotFound(id);
}

export function executionNotFound(id: string): ExecutionError {
  return new ExecutionError(
    'not_found',
    `There is no execution ${id} of yours; see execution.listExecutions for yours.`,
  );
}
