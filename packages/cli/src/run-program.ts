import { CommanderError } from 'commander';
import { EXIT } from './exit-code.ts';
import type { Host } from './host.ts';
import type { AddCommand } from './program.ts';
import { createProgram } from './program.ts';

/** Runs one command line and answers its exit code. Ends no process, and reads and writes nothing but the host's. */
export async function runProgram(args: string[], host: Host, first: readonly AddCommand[] = []): Promise<number> {
  let answer: number = EXIT.fine;
  const program = createProgram(
    host,
    (code) => {
      answer = code;
    },
    first,
  );
  try {
    await program.parseAsync(args, { from: 'user' });
    return answer;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help that was asked for is fine; help instead of a command is not.
    return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  }
}
