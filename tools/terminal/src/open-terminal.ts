import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';

export interface TerminalOptions {
  /** What the program has of an environment. Default: `PATH` and a terminal with colours, nothing else. */
  env?: Record<string, string>;
  cwd?: string;
  columns?: number;
  rows?: number;
}

/** A program on a terminal of its own, as somebody has it who sits there. */
export interface OpenTerminal {
  pid: number;
  /** The lines that are on the screen now, without what is empty at the ends. */
  screen(): string;
  /** The same with all that has scrolled away above it. */
  everything(): string;
  /** Whether the program has put another screen over what was there. */
  isOverlaid(): boolean;
  isCursorShown(): boolean;
  press(keys: string): void;
  /** As a window does that somebody pulls larger or smaller: the program hears of it by SIGWINCH. */
  resize(columns: number, rows: number): void;
  kill(signal?: string): void;
  /** The exit code, once it has ended and all that it wrote is on the screen. */
  ended: Promise<number>;
}

const CURSOR = { shown: '\u001b[?25h', hidden: '\u001b[?25l' };

/** Runs a program on a pseudo-terminal; what it writes is drawn by the emulator of xterm.js. */
export function openTerminal(
  command: string,
  args: string[],
  { env = {}, cwd = process.cwd(), columns = 80, rows = 24 }: TerminalOptions = {},
): OpenTerminal {
  const screen = new headless.Terminal({ cols: columns, rows, scrollback: 2_000, allowProposedApi: true });
  const program = spawn(command, args, {
    ...{ cols: columns, rows, cwd, name: env.TERM ?? 'xterm-256color' },
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  let isCursorShown = true;
  program.onData((text) => {
    const [shown, hidden] = [text.lastIndexOf(CURSOR.shown), text.lastIndexOf(CURSOR.hidden)];
    if (shown !== hidden) isCursorShown = shown > hidden;
    screen.write(text);
  });
  const ended = new Promise<number>((resolve) => {
    program.onExit(({ exitCode }) => screen.write('', () => resolve(exitCode)));
  });
  function lines(from: number): string {
    const { active } = screen.buffer;
    const all = Array.from(
      { length: active.length - from },
      (_, at) => active.getLine(from + at)?.translateToString(true, 0, screen.cols) ?? '',
    );
    return all.join('\n').replace(/^\n+|\s+$/g, '');
  }
  return {
    pid: program.pid,
    screen: () => lines(screen.buffer.active.baseY),
    everything: () => lines(0),
    isOverlaid: () => screen.buffer.active.type === 'alternate',
    isCursorShown: () => isCursorShown,
    press: (keys) => program.write(keys),
    resize(toColumns, toRows) {
      screen.resize(toColumns, toRows);
      program.resize(toColumns, toRows);
    },
    kill: (signal) => program.kill(signal),
    ended,
  };
}
