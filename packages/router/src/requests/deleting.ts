import type { DeleteResult } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import type { CallerContext } from '../context.ts';
import { executionNotFound } from '../control-execution.ts';
import type { Settled } from './ask-each.ts';

const REFUSALS: Record<Exclude<DeleteResult, 'deleted'>, (id: string) => ExecutionError> = {
  not_found: executionNotFound,
  open: (id) =>
    new ExecutionError('illegal_transition', `The execution ${id} is still open; cancel or terminate it first.`),
  unsettled: (id) =>
    new ExecutionError(
      'illegal_transition',
      `The execution ${id} was reported as ended, and Temporal has not confirmed that yet; try again in a minute.`,
    ),
};

/** Deletes the caller's executions that have ended, in one call of the ledger. */
export async function deleteEach(ctx: CallerContext, ids: string[]): Promise<Settled<'deleted'>[]> {
  const results = await ctx.ledger.deleteExecutions(ctx.caller.userId, ids);
  return ids.map((executionId, n) => {
    const result = results[n] ?? 'not_found';
    if (result === 'deleted') return { executionId, result, error: null };
    return { executionId, result: null, error: REFUSALS[result](executionId) };
  });
}
