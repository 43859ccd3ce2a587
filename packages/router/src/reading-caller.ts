import type { Caller, Context } from './context.ts';
import { readingInTurn } from './reading-in-turn.ts';
import type { RedactedCaller } from './redacted-caller.ts';
import { redactedCaller } from './redacted-caller.ts';

/** A caller who reads in turn, and what workflows redact as redacted: for whoever reads on their behalf. */
export const readingCaller = (caller: Caller, { limits, gone }: Pick<Context, 'limits' | 'gone'>): RedactedCaller =>
  redactedCaller({ ...caller, reader: readingInTurn(caller, { limits, signal: gone }) });
