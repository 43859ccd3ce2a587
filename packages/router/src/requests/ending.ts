import { askEngineKnowledge, ExecutionError, REASON_LIMIT, TERMINAL_STATUSES } from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from '../context.ts';
import { ExecutionId, shortText } from '../request.ts';
import type { AskedExecution, Verb } from './ask-each.ts';

export const end = {
  /** How it ended, as far as its owner knows. What a report ended before keeps its status. */
  as: z.enum(TERMINAL_STATUSES),
  reason: shortText(REASON_LIMIT),
};
export const EndRequest = z.object({ id: ExecutionId, ...end });

/**
 * - `ended`: it is settled; nobody follows it any more.
 * - `already_ended`: it was settled before; nothing changed.
 */
export const EndResult = z.enum(['ended', 'already_ended']);
export type EndResult = z.output<typeof EndResult>;

/**
 * Says how an execution ended that Temporal does not know any more: deleted there, past its retention, of a namespace that is
 * gone, or never started. Temporal is asked at this moment; what it knows is cancelled or terminated instead.
 */
export function ending(
  ctx: CallerContext,
  given: { as: (typeof TERMINAL_STATUSES)[number]; reason: string },
): Verb<EndResult> {
  return {
    kind: 'end',
    async act({ execution, target }: AskedExecution) {
      if (execution.outcomeAuthority === 'engine' || execution.lostAt !== null) return 'already_ended';
      const knowledge = await askEngineKnowledge(ctx.engine, { ...target, startedAt: execution.startedAt });
      if (knowledge.kind === 'known') {
        throw new ExecutionError(
          'illegal_transition',
          `Temporal knows the execution ${execution.id}, as ${knowledge.status}: cancel or terminate it there; its end is recorded by itself.`,
        );
      }
      const item = { executionId: execution.id, status: given.as, reason: given.reason, actor: ctx.caller.userId };
      const [answer] = await ctx.ledger.endLost([{ ...item, unknownAtRevision: execution.revision }]);
      if (answer?.result === 'conflict') {
        throw new ExecutionError(
          'illegal_transition',
          `The execution ${execution.id} may still be started, or has changed just now: cancel it, or ask again.`,
        );
      }
      return answer?.result === 'applied' ? 'ended' : 'already_ended';
    },
  };
}
