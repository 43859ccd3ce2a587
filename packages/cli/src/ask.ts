import { createInterface } from 'node:readline/promises';
import type { Host } from './host.ts';

/** Asks whoever sits at the terminal. `null`: nobody does, as in a script, or they pressed Ctrl-C or Ctrl-D instead. */
export async function ask(question: string, { stdin, stdout }: Pick<Host, 'stdin' | 'stdout'>): Promise<string | null> {
  if (!stdin.isTTY || !stdout.isTTY) return null;
  const reader = createInterface({ input: stdin, output: stdout });
  const closed = new Promise<null>((resolve) => reader.once('close', () => resolve(null)));
  try {
    const answer = reader.question(question).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error;
      return null;
    });
    return await Promise.race([answer, closed]);
  } finally {
    reader.close();
  }
}
