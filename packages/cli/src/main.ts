#!/usr/bin/env node
import { processHost } from './process-host.ts';
import { runProgram } from './run-program.ts';

const code = await runProgram(process.argv.slice(2), processHost);
// A pipe may still hold a part of what was written; a connection that still waits for an answer must not hold the shell.
await new Promise((resolve) => process.stdout.write('', resolve));
process.exit(code);
