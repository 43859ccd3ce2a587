import type { Resolution } from '@runledger/contracts';
import { ExecutionError, REASON_LIMIT } from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from '../context.ts';
import type { ExecutionRules } from '../execution-rules.ts';
import { ExecutionId, shortText } from '../request.ts';
import { workflowNotFound } from '../workflow-not-found.ts';
import type { AskedExecution, Verb } from './ask-each.ts';

export const reset = {
  /** Which completed workflow task of its newest run it goes on from: the first is a start anew with the same input. */
  to: z.enum(['first', 'last']).default('first'),
  reason: shortText(REASON_LIMIT),
};

export const ResetRequest = z.object({
  id: ExecutionId,
  ...reset,
  /** Names the reset: sent again with the same id it is the same one. Default: a new one. */
  requestId: z.uuid().optional(),
});

/**
 * - `reset`: it runs again, in a new run of the same execution.
 * - `unknown_to_engine`: Temporal does not know it (deleted, past its retention, or another cluster).
 */
export const ResetResult = z.enum(['reset', 'unknown_to_engine']);
export type ResetResult = z.output<typeof ResetResult>;

/** Lets an execution go on anew from an earlier point, ended or not; what the host no longer starts, no one resets. */
export function resetting(
  ctx: CallerContext,
  rules: ExecutionRules,
  { to, reason }: { to: 'first' | 'last'; reason: string },
): Verb<ResetResult> {
  return {
    kind: 'reset',
    async act(asked) {
      const { execution, target } = asked;
      if (execution.status === 'pending') throw refused(execution.id, 'has not been started yet');
      await requireStartable(ctx, rules, execution.workflowId);
      const request = { actor: ctx.caller.userId, reason, to, requestId: asked.asked.id };
      const answer = await ctx.engine.reset(target, request);
      if (answer.kind === 'not_found') return 'unknown_to_engine';
      if (answer.kind === 'superseded')
        throw refused(
          execution.id,
          'has a workflow id that was used again since; a reset would end what runs under it',
        );
      if (answer.kind === 'no_task') throw refused(execution.id, 'has not completed a workflow task; rerun it instead');
      await record(ctx, asked);
      return 'reset';
    },
  };
}

function refused(id: string, why: string): ExecutionError {
  return new ExecutionError('illegal_transition', `The execution ${id} cannot be reset: it ${why}.`);
}

async function requireStartable(ctx: CallerContext, rules: ExecutionRules, workflowId: string): Promise<void> {
  const workflow = await rules.workflows.read(ctx.workflows, ctx.caller.userId, workflowId);
  if (!workflow) throw workflowNotFound(workflowId);
  rules.requireStartable({ namespace: workflow.temporalNamespace, ...workflow });
}

/** Reopens the row at once. Where that fails the monitor does it, as with every reset. */
async function record(ctx: CallerContext, { execution, target }: AskedExecution): Promise<void> {
  try {
    const resolution: Resolution = await ctx.engine.resolve(target);
    const of = { executionId: execution.id, source: 'user' as const };
    if (resolution.kind === 'open') await ctx.ledger.recordStart({ open: { ...of, open: resolution.open } });
    if (resolution.kind === 'closed') await ctx.ledger.recordStart({ outcome: { ...of, outcome: resolution.outcome } });
  } catch (error) {
    ctx.log.warn(
      { err: error, executionId: execution.id, requestId: ctx.requestId },
      'reset, and left to the monitor to record',
    );
  }
}
