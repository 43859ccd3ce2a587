import {
  askEngineKnowledge,
  ExecutionError,
  ExecutionWithWorkflow,
  REASON_LIMIT,
  TERMINAL_STATUSES,
} from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from './context.ts';
import { findControllable } from './control-execution.ts';
import { ExecutionId, shortText } from './request.ts';

export const EndRequest = z.object({
  id: ExecutionId,
  /** How it ended, as far as its owner knows. What a report ended before keeps its status. */
  as: z.enum(TERMINAL_STATUSES),
  reason: shortText(REASON_LIMIT),
});

export const EndAnswer = z.object({
  /**
   * - `ended`: it is settled; nobody follows it any more.
   * - `already_ended`: it was settled before; nothing changed.
   */
  result: z.enum(['ended', 'already_ended']),
  /** As it stands after the call. */
  execution: ExecutionWithWorkflow,
});
export type EndAnswer = z.output<typeof EndAnswer>;

/**
 * Says how an execution ended that Temporal does not know any more: deleted there, past its retention, of a namespace that is
 * gone, or never started. Temporal is asked at this moment; what it knows is cancelled or terminated instead.
 * @throws `not_found`, `illegal_transition` (direct execution, or Temporal knows it, or it may still be started),
 *   `engine_unavailable`
 */
export async function endExecution(
  ctx: CallerContext,
  { id, as: status, reason }: z.output<typeof EndRequest>,
): Promise<EndAnswer> {
  const { execution, target } = await findControllable(ctx, id);
  if (execution.outcomeAuthority === 'engine' || execution.lostAt !== null)
    return { result: 'already_ended', execution };
  const knowledge = await askEngineKnowledge(ctx.engine, { ...target, startedAt: execution.startedAt });
  if (knowledge.kind === 'known') {
    throw new ExecutionError(
      'illegal_transition',
      `Temporal knows the execution ${id}, as ${knowledge.status}: cancel or terminate it there; its end is recorded by itself.`,
    );
  }
  const unknownAtRevision = execution.revision;
  const item = { executionId: execution.id, status, reason, actor: ctx.caller.userId, unknownAtRevision };
  const [answer] = await ctx.ledger.endLost([item]);
  if (answer?.result === 'conflict') {
    throw new ExecutionError(
      'illegal_transition',
      `The execution ${id} may still be started, or has changed just now: cancel it, or ask again.`,
    );
  }
  const now = await ctx.caller.reader.get({ userId: ctx.caller.userId }, execution.id);
  return { result: answer?.result === 'applied' ? 'ended' : 'already_ended', execution: now ?? execution };
}
