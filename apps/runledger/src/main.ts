#!/usr/bin/env node
import { processHost, runProgram } from '@runledger/cli';
import { addDev } from './dev/dev.ts';
import { addInit } from './init/init.ts';
import { addMigrate } from './migrate/migrate.ts';
import { addProcesses } from './processes.ts';
import { addUninstall } from './uninstall/uninstall.ts';

// What is set already stays: a file only adds.
for (const file of ['.env.local', '.env']) {
  try {
    process.loadEnvFile(file);
  } catch {
    // There is none.
  }
}

const code = await runProgram(process.argv.slice(2), processHost, [
  addInit,
  addMigrate,
  addDev,
  addProcesses,
  addUninstall,
]);
// A pipe may still hold a part of what was written; a connection that still waits for an answer must not hold the shell.
await new Promise((resolve) => process.stdout.write('', resolve));
process.exit(code);
