import { setTimeout as pause } from 'node:timers/promises';
import type { ExitCode } from './exit-code.ts';
import type { Host } from './host.ts';
import type { Terminal } from './terminal.ts';

/** From the top of an empty screen, so that each look replaces the one before; a pipe gets one after the other. */
const EMPTY_SCREEN = '\u001b[2J\u001b[H';

/** Looks again and again until the process is told to end; its exit code is that of the last look. */
export async function repeat(
  { stdout }: Pick<Host, 'stdout'>,
  look: () => Promise<{ code: ExitCode; lines: string[] }>,
  { everyMs, terminal, signal }: { everyMs: number; terminal: Terminal; signal: AbortSignal },
): Promise<ExitCode> {
  for (;;) {
    const { code, lines } = await look();
    if (stdout.isTTY) stdout.write(EMPTY_SCREEN);
    terminal.print(...lines, '');
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return code;
  }
}
