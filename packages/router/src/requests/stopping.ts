import type { ControlResult } from '@runledger/contracts';
import { CANCELLED, isTerminal, REASON_LIMIT } from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from '../context.ts';
import { ExecutionId, shortText } from '../request.ts';
import type { AskedExecution, Verb } from './ask-each.ts';

export const CancelRequest = z.object({ id: ExecutionId, reason: shortText(REASON_LIMIT).optional() });
export const TerminateRequest = z.object({ id: ExecutionId, reason: shortText(REASON_LIMIT) });

/**
 * - `requested`: Temporal has the request. The status changes when the run has closed; after a cancel, if and when
 *   the workflow agrees.
 * - `cancelled`: nothing had been started yet, so it ended here.
 * - `already_ended`: nothing changed.
 * - `unknown_to_engine`: Temporal does not know it (deleted, past its retention, or another cluster). Nothing to stop.
 */
export const StopResult = z.enum(['requested', 'cancelled', 'already_ended', 'unknown_to_engine']);
export type StopResult = z.output<typeof StopResult>;

export const ENGINE_RESULTS = {
  requested: 'requested',
  already_closed: 'already_ended',
  // The run had the request, and answered it by going on in another.
  gone_on: 'requested',
  not_found: 'unknown_to_engine',
} as const satisfies Record<ControlResult, StopResult>;

/** Asks an execution to stop. The ledger has noted it, so that it holds even when the start is still under way. */
export function cancelling({ engine, caller }: CallerContext): Verb<StopResult> {
  return {
    kind: 'cancel',
    async act(asked) {
      const ended = endedHere(asked);
      if (ended) return ended;
      const { execution, target, cancelRequestedBefore } = asked;
      const request = { actor: caller.userId, reason: asked.asked.reason ?? CANCELLED };
      // A request that is repeated while the ledger still has it is the same one: it is about the run of then. If that run
      // has answered by going on in another, the next one is not cancelled by the repeat.
      const isRepeat = cancelRequestedBefore && execution.currentRunId !== null;
      const named = isRepeat ? { ...request, runId: execution.currentRunId as string } : request;
      return ENGINE_RESULTS[await engine.cancel(target, named)];
    },
  };
}

/** Ends an execution at once, without its workflow's consent. */
export function terminating({ engine, caller }: CallerContext): Verb<StopResult> {
  return {
    kind: 'terminate',
    async act(asked) {
      const ended = endedHere(asked);
      if (ended) return ended;
      const request = { actor: caller.userId, reason: asked.asked.reason as string };
      return ENGINE_RESULTS[await engine.terminate(asked.target, request)];
    },
  };
}

/** The answer where Temporal need not be asked: it had ended, or it ended by the note, as nothing had been started. */
function endedHere({ statusBefore, execution }: AskedExecution): StopResult | null {
  if (isTerminal(statusBefore)) return 'already_ended';
  return isTerminal(execution.status) ? 'cancelled' : null;
}
