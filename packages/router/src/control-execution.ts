import type { ControlRequest, EngineTarget, ExecutionStatus } from '@runledger/contracts';
import { ExecutionError, ExecutionWithWorkflow, isTerminal, REASON_LIMIT } from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from './context.ts';
import { ExecutionId, shortText } from './request.ts';

export const CancelRequest = z.object({ id: ExecutionId, reason: shortText(REASON_LIMIT).optional() });
export const TerminateRequest = z.object({ id: ExecutionId, reason: shortText(REASON_LIMIT) });

export const ControlAnswer = z.object({
  /**
   * - `requested`: Temporal has the request. The status changes when the run has closed; after a cancel, if and when
   *   the workflow agrees.
   * - `cancelled`: nothing had been started yet, so it ended here.
   * - `already_ended`: nothing changed.
   * - `unknown_to_engine`: Temporal does not know it (deleted, past its retention, or another cluster). Nothing to stop.
   */
  result: z.enum(['requested', 'cancelled', 'already_ended', 'unknown_to_engine']),
  /** As it stands after the call. */
  execution: ExecutionWithWorkflow,
});
export type ControlAnswer = z.output<typeof ControlAnswer>;

const ENGINE_RESULTS = {
  requested: 'requested',
  already_closed: 'already_ended',
  // The run had the request, and answered it by going on in another.
  gone_on: 'requested',
  not_found: 'unknown_to_engine',
} as const;

/**
 * Asks an execution to stop. The ledger notes the request first, so that it holds even when the start is still under way.
 * @throws `not_found`, `illegal_transition` (direct execution), `engine_unavailable` (the request is noted; ask again)
 */
export async function cancelExecution(
  ctx: CallerContext,
  { id, reason = 'cancelled by its user' }: z.output<typeof CancelRequest>,
): Promise<ControlAnswer> {
  const { execution, target } = await findControllable(ctx, id);
  if (isTerminal(execution.status)) return { result: 'already_ended', execution };
  const request = { actor: ctx.caller.userId, reason };
  const status = await noteCancel(ctx, execution, request);
  return answer(ctx, execution, status ?? (await askToCancel(ctx, { execution, target, request })));
}

/**
 * A request that is repeated while the ledger still has it is the same one: it is about the run of then. If that run has
 * answered by going on in another, the next one is not cancelled by the repeat.
 */
async function askToCancel(
  ctx: CallerContext,
  { execution, target, request }: { execution: ExecutionWithWorkflow; target: EngineTarget; request: ControlRequest },
): Promise<ControlAnswer['result']> {
  const isRepeat = execution.cancelRequestedAt !== null && execution.currentRunId !== null;
  if (!isRepeat) return ENGINE_RESULTS[await ctx.engine.cancel(target, request)];
  const named = { ...request, runId: execution.currentRunId as string };
  return ENGINE_RESULTS[await ctx.engine.cancel(target, named)];
}

/**
 * Ends an execution at once, without its workflow's consent.
 * @throws `not_found`, `illegal_transition` (direct execution), `engine_unavailable`
 */
export async function terminateExecution(
  ctx: CallerContext,
  { id, reason }: z.output<typeof TerminateRequest>,
): Promise<ControlAnswer> {
  const { execution, target } = await findControllable(ctx, id);
  if (isTerminal(execution.status)) return { result: 'already_ended', execution };
  const request = { actor: ctx.caller.userId, reason };
  // Temporal knows nothing of a pending one; only the ledger can keep it from being started.
  const status = execution.status === 'pending' ? await noteCancel(ctx, execution, request) : null;
  return answer(ctx, execution, status ?? ENGINE_RESULTS[await ctx.engine.terminate(target, request)]);
}

/** The caller's execution and where it is in Temporal. */
export async function findControllable(
  ctx: CallerContext,
  id: string,
): Promise<{ execution: ExecutionWithWorkflow; target: EngineTarget }> {
  const execution = await requireExecution(ctx, id);
  const { engine, temporalNamespace, temporalWorkflowId, temporalRunId, currentRunId } = execution;
  if (engine === 'none' || temporalNamespace === null || temporalWorkflowId === null)
    throw new ExecutionError(
      'illegal_transition',
      `The execution ${id} does not run in Temporal; whoever runs it reports its end with markCancelled or markTerminated.`,
    );
  return {
    execution,
    target: {
      namespace: temporalNamespace,
      temporalWorkflowId,
      firstRunId: temporalRunId,
      known: { runId: currentRunId, cancel: execution.cancelRequestedAt !== null },
    },
  };
}

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

/** Notes the request; the answer when the execution has ended by now, `null` when Temporal is to be asked. */
async function noteCancel(
  ctx: CallerContext,
  execution: ExecutionWithWorkflow,
  { actor, reason }: ControlRequest,
): Promise<'cancelled' | 'already_ended' | null> {
  const { result, status } = await ctx.ledger.requestCancel(execution.id, actor, reason);
  if (!hasEnded(status)) return null;
  return result === 'applied' ? 'cancelled' : 'already_ended';
}

function hasEnded(status: ExecutionStatus | null): boolean {
  return status !== null && isTerminal(status);
}

async function answer(
  ctx: CallerContext,
  execution: ExecutionWithWorkflow,
  result: ControlAnswer['result'],
): Promise<ControlAnswer> {
  const now = await ctx.caller.reader.get({ userId: ctx.caller.userId }, execution.id);
  return { result, execution: now ?? execution };
}
