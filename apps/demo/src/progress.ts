import { stdout } from 'node:process';
import { formatDuration } from '@runledger/contracts/format-duration';
import { colors } from './colors.ts';
import { interrupted } from './ending.ts';
import { cut } from './terminal-text.ts';

const WIDTH = 46;

/** Tells the steps of a start with their times, one line each; on a terminal, those at work are shown meanwhile. */
export function createProgress(out: NodeJS.WriteStream = stdout) {
  const running = new Map<string, number>();
  let ticker: NodeJS.Timeout | undefined;
  let lastFailure: unknown;
  const clear = out.isTTY ? '\r\x1b[K' : '';

  function show(): void {
    const [oldest = 0] = running.values();
    const text = `… ${[...running.keys()].join(', ')} ${formatDuration(performance.now() - oldest)}`;
    out.write(`${clear}${colors.dim(cut(text, out.columns - 1))}`);
  }

  return {
    async step<T>(name: string, work: () => Promise<T>): Promise<T> {
      const began = performance.now();
      running.set(name, began);
      if (out.isTTY) ticker ??= setInterval(show, 100);
      try {
        const result = await work();
        const took = formatDuration(performance.now() - began).padStart(7);
        out.write(`${clear}${colors.green('✓')} ${name.padEnd(WIDTH)} ${colors.dim(took)}\n`);
        return result;
      } catch (error) {
        // A step that another's failure, or Ctrl-C, has ended has not failed itself.
        const isNews = error !== interrupted && error !== lastFailure;
        lastFailure = error;
        out.write(isNews ? `${clear}${colors.red('✗')} ${name}\n` : clear);
        throw error;
      } finally {
        running.delete(name);
        if (running.size === 0) {
          clearInterval(ticker);
          ticker = undefined;
        }
      }
    },

    /** A line about what goes on inside a step. */
    note(text: string): void {
      out.write(`${clear}${colors.dim(`  ${text}`)}\n`);
    },
  };
}

export type Progress = ReturnType<typeof createProgress>;
