#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT } from './exit-code.ts';
import { createProgram } from './program.ts';

/** Answers the exit code. */
async function main(): Promise<number> {
  let answer: number = EXIT.fine;
  const program = createProgram((code) => {
    answer = code;
  });
  try {
    await program.parseAsync();
    return answer;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help that was asked for is fine; help instead of a command is not.
    return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  }
}

const code = await main();
// A pipe may still hold a part of what was written; a connection that still waits for an answer must not hold the shell.
await new Promise((resolve) => process.stdout.write('', resolve));
process.exit(code);
