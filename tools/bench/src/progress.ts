import type { Say } from './benchmark.ts';

/** Overwrites one line of a terminal; elsewhere it says nothing. */
export function createProgress(stream: NodeJS.WriteStream): { say: Say; clear(): void } {
  const write = (text: string) => {
    if (stream.isTTY) stream.write(`\r\x1b[K${text}`);
  };
  return { say: write, clear: () => write('') };
}
