import { isExecutionError, pause } from '@runledger/contracts';
import type { Logger } from 'pino';
import { createBackoff } from './backoff.ts';

export interface LoopOptions {
  /** Shown in the log: "tracker". */
  name: string;
  everyMs: number;
  signal: AbortSignal;
  logger: Logger;
  /** One turn; answers in how many milliseconds the next one is due, or nothing for `everyMs`. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a turn that says nothing is the usual case
  turn(): Promise<number | void>;
}

/**
 * Takes turns until the signal is aborted. A turn that fails because Temporal or the database is away is tried again
 * with a capped back-off (5 s); the log says so once per outage, and once when it is over. Any other error is a fault of
 * ours: it is logged each time, and the loop goes on.
 */
export async function runLoop({ name, everyMs, signal, logger, turn }: LoopOptions): Promise<void> {
  const backoff = createBackoff();
  let away = false;
  while (!signal.aborted) {
    let wait = everyMs;
    try {
      wait = (await turn()) ?? everyMs;
      if (away) logger.info({ loop: name }, 'recovered');
      away = false;
      backoff.reset();
    } catch (error) {
      if (signal.aborted) return;
      const expected = isAway(error);
      if (!expected) logger.error({ loop: name, err: error }, 'a turn failed');
      else if (!away) logger.warn({ loop: name, err: error }, 'waiting for the engine or the ledger');
      away = expected;
      wait = backoff.next();
    }
    await pause(wait, signal);
  }
}

/** Whether an error says that Temporal or the database cannot be reached now, or takes no more calls for the moment. */
export function isAway(error: unknown): boolean {
  return isExecutionError(error) && (error.code === 'ledger_unavailable' || isEngineAway(error.code));
}

function isEngineAway(code: string): boolean {
  return code === 'engine_unavailable' || code === 'engine_throttled';
}

/** Whether Temporal limits the rate or the number of calls. */
export function isThrottled(error: unknown): boolean {
  return isExecutionError(error) && error.code === 'engine_throttled';
}
