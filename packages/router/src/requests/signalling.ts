import { ExecutionError, isTerminal, Json, SIGNAL_NAME_LIMIT } from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from '../context.ts';
import { jsonBytes } from '../limits.ts';
import { refuseLarge } from '../refuse-large.ts';
import { ExecutionId, shortText } from '../request.ts';
import type { Verb } from './ask-each.ts';
import { ENGINE_RESULTS } from './stopping.ts';

export const signal = {
  /** Of the signal, as the workflow's code calls it. */
  name: shortText(SIGNAL_NAME_LIMIT).refine((name) => !name.startsWith('__'), 'is reserved for Temporal'),
  /** Handed to the signal's handler as its one argument; left out, the handler gets none. */
  input: Json.optional(),
};

export const SignalRequest = z.object({
  id: ExecutionId,
  ...signal,
  /** Names the signal: sent again with the same id it is the same one. Default: a new one. */
  requestId: z.uuid().optional(),
});

/**
 * - `requested`: Temporal has the signal.
 * - `already_ended`: nothing is left to be signalled.
 * - `unknown_to_engine`: Temporal does not know it (deleted, past its retention, or another cluster).
 */
export const SignalResult = z.enum(['requested', 'already_ended', 'unknown_to_engine']);
export type SignalResult = z.output<typeof SignalResult>;

/** Sends a signal. Temporal has it at most once for each id. */
export function signalling(
  { engine, caller }: CallerContext,
  { name, input }: { name: string; input?: Json },
): Verb<SignalResult> {
  return {
    kind: 'signal',
    async act({ execution, target, asked }) {
      if (isTerminal(execution.status)) return 'already_ended';
      const request = { actor: caller.userId, name, requestId: asked.id, ...(input === undefined ? {} : { input }) };
      const result = await engine.signal(target, request);
      if (result === 'not_found' && execution.status === 'pending') {
        const why = 'has not been started yet, so that nothing takes a signal; signal it once it runs';
        throw new ExecutionError('illegal_transition', `The execution ${execution.id} ${why}.`);
      }
      return ENGINE_RESULTS[result];
    },
  };
}

/** @throws ExecutionError `payload_too_large`, `rate_limited` */
export async function takeSignal(
  ctx: CallerContext,
  input: Json | undefined,
  { most, times }: { most: number; times: number },
): Promise<void> {
  if (input === undefined) return;
  refuseLarge('input', input, most);
  await ctx.limits?.take('storedBytes', ctx.caller.userId, jsonBytes(input) * times);
}
