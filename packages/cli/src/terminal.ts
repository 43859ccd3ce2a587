import type { Colors } from '@runledger/host/colors';
import { colorsFor } from '@runledger/host/colors';
import type { Host } from './host.ts';

/** Where a command's words go: results to standard output, progress and errors to standard error. */
export interface Terminal {
  colors: Colors;
  /** Characters in a line. */
  width: number;
  print(...lines: string[]): void;
  /** One JSON document. */
  json(value: unknown): void;
  /** A line that the next one replaces; `null` removes it. Shown on a terminal only. */
  progress(text: string | null): void;
  complain(text: string): void;
}

export interface TerminalOptions {
  /** Width where standard output is not a terminal. Default 100. */
  columns?: number;
  /** Colours in a pipe too. */
  forceColor?: boolean;
}

export function createTerminal(
  { stdout, stderr }: Pick<Host, 'stdout' | 'stderr'>,
  options: TerminalOptions = {},
): Terminal {
  const { columns = 100, forceColor = false } = options;
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Somebody's `| head` has read enough; the window has been closed.
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  const clear = () => {
    if (stderr.isTTY) stderr.write('\r\u001b[2K');
  };
  return {
    colors: colorsFor(stdout, forceColor),
    width: (stdout.isTTY ? stdout.columns : undefined) ?? columns,
    print(...lines) {
      clear();
      stdout.write(`${lines.join('\n')}\n`);
    },
    json: (value) => void stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    progress(text) {
      clear();
      if (stderr.isTTY && text !== null) stderr.write(text.slice(0, (stderr.columns ?? columns) - 1));
    },
    complain(text) {
      clear();
      stderr.write(`${text}\n`);
    },
  };
}
