import pc from 'picocolors';

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** Tells the steps of a start with their times, one line each; on a terminal, those at work are shown meanwhile. */
export function createProgress(out: NodeJS.WriteStream = process.stdout) {
  const running = new Map<string, number>();
  let ticker: NodeJS.Timeout | undefined;

  function show(): void {
    const [oldest] = running.values();
    const names = [...running.keys()].join(', ');
    out.write(
      `\r\x1b[K${pc.dim(`… ${names} ${seconds(performance.now() - (oldest ?? 0))}`.slice(0, out.columns - 1))}`,
    );
  }

  function tell(line: string): void {
    out.write(`${out.isTTY ? '\r\x1b[K' : ''}${line}\n`);
  }

  return async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    running.set(name, began);
    if (out.isTTY) ticker ??= setInterval(show, 250);
    try {
      const result = await work();
      tell(`${pc.green('✓')} ${name.padEnd(52)} ${pc.dim(seconds(performance.now() - began))}`);
      return result;
    } catch (error) {
      tell(`${pc.red('✗')} ${name}`);
      throw error;
    } finally {
      running.delete(name);
      if (running.size === 0) {
        clearInterval(ticker);
        ticker = undefined;
      }
    }
  };
}

export type Step = ReturnType<typeof createProgress>;
