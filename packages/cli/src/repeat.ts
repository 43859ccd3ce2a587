import { setTimeout as pause } from 'node:timers/promises';
import { durationMs, ExecutionError, isExecutionError } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import type { ExitCode } from './exit-code.ts';
import { EXIT, EXIT_OF } from './exit-code.ts';
import type { Host } from './host.ts';
import type { Terminal } from './terminal.ts';
import { clockTime } from './words.ts';

/** From the top of an empty screen, so that each look replaces the one before; a pipe gets one after the other. */
const EMPTY_SCREEN = '\u001b[2J\u001b[H';

interface Look {
  code: ExitCode;
  lines: string[];
}

/** How often to look. @throws ExecutionError `invalid_input` for a period that is none */
export function periodOf(every: string): number {
  const ms = durationMs(every);
  if (ms === null || ms < 1_000)
    throw new ExecutionError('invalid_input', '--every must be a duration of at least 1s, like 10s or 1m.');
  return ms;
}

/** Whether it is the ledger or Temporal that cannot be reached: it may be back a moment later. */
export const isAway = (error: unknown): error is ExecutionError =>
  isExecutionError(error) && EXIT_OF[error.code] === EXIT.unreachable;

/**
 * Looks again and again until the process is told to end; its exit code is that of the last look. Where the ledger goes away
 * meanwhile, it shows what it saw last and since when that is, and goes on.
 */
export async function repeat(
  { stdout }: Pick<Host, 'stdout'>,
  look: () => Promise<Look>,
  { everyMs, terminal, signal, zone }: { everyMs: number; terminal: Terminal; signal: AbortSignal; zone: string },
): Promise<ExitCode> {
  let last: Look & { at: number } = { ...(await look()), at: Date.now() };
  let isFirst = true;
  for (;;) {
    const shown = isFirst ? last : await lookAgain(look, last, { terminal, zone });
    isFirst = false;
    if (shown.code !== EXIT.unreachable) last = { ...shown, at: Date.now() };
    if (stdout.isTTY) stdout.write(EMPTY_SCREEN);
    terminal.print(...shown.lines, '');
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return shown.code;
  }
}

async function lookAgain(
  look: () => Promise<Look>,
  last: Look & { at: number },
  { terminal: { colors }, zone }: { terminal: Terminal; zone: string },
): Promise<Look> {
  try {
    return await look();
  } catch (error) {
    if (!isAway(error)) throw error;
    const since = `Nothing could be read since ${clockTime(last.at, zone)}, for ${formatDuration(Date.now() - last.at)}`;
    const lines = [`${colors.red('✗')} ${since}: ${error.message}`, '', colors.dim('As it was then:'), ...last.lines];
    return { code: EXIT.unreachable, lines };
  }
}
