import type { Logger } from 'pino';
import { pino } from 'pino';

/**
 * JSON lines on standard output.
 *
 * Written synchronously: pino's default flushes at exit, and does so for ever when whoever read the output is gone
 * (sonic-boom 4.2 takes a broken pipe for a busy one), so that a stop would hang.
 */
export function createLog(level: string, name?: string): Logger {
  return pino({ level, ...(name ? { name } : {}) }, pino.destination({ dest: 1, sync: true }));
}

/** Writes the line `ready` whatever the level: whoever started this process waits for it. */
export function logReady(log: Logger, fields: Record<string, unknown>): void {
  log.child({}, { level: 'info' }).info(fields, 'ready');
}
