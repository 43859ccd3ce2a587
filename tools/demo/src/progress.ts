import { stdout } from 'node:process';
import { formatDuration } from '@runledger/contracts/format-duration';
import { cut, wrap } from '@runledger/host/text';
import { colors } from './colors.ts';
import { interrupted } from './ending.ts';

const WIDTH = 46;

/** Tells the steps of a start with their times, one line each; on a terminal, those at work are shown meanwhile. */
export function createProgress(out: NodeJS.WriteStream = stdout) {
  const running = new Map<string, number>();
  const details = new Map<string, string>();
  let ticker: NodeJS.Timeout | undefined;
  let lastFailure: unknown;
  const clear = out.isTTY ? '\r\x1b[K' : '';

  function show(): void {
    const [oldest = 0] = running.values();
    const steps = [...running.keys()].map((name) => [name, details.get(name)].filter(Boolean).join(': '));
    const text = `… ${steps.join(', ')} ${formatDuration(performance.now() - oldest)}`;
    out.write(`${clear}${colors.dim(cut(text, out.columns - 1))}`);
  }

  return {
    /** `work` is given a way to say what it is at: shown on a terminal while it runs. */
    async step<T>(name: string, work: (detail: (text: string | null) => void) => Promise<T>): Promise<T> {
      const began = performance.now();
      running.set(name, began);
      if (out.isTTY) ticker ??= setInterval(show, 100);
      try {
        const result = await work((text) => {
          if (text) details.set(name, text);
        });
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
        details.delete(name);
        if (running.size === 0) {
          clearInterval(ticker);
          ticker = undefined;
        }
      }
    },

    /** A line about what goes on inside a step. */
    note(text: string): void {
      const lines = out.isTTY ? wrap(text, out.columns - 2) : [text];
      out.write(`${clear}${lines.map((line) => colors.dim(`  ${line}`)).join('\n')}\n`);
    },
  };
}

export type Progress = ReturnType<typeof createProgress>;
