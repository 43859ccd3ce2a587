import { VERSION } from '@runledger/contracts';
import { Command } from 'commander';
import { addAdopt } from './adopt.ts';
import { addDoctor } from './doctor.ts';
import { addEnd } from './end.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT_CODES_HELP } from './exit-code.ts';
import { addExplain } from './explain.ts';
import { addExport } from './export.ts';
import { addForgetUser } from './forget-user.ts';
import type { Host } from './host.ts';
import { addImport } from './import.ts';
import { addKey } from './key.ts';
import { addPrune } from './prune.ts';
import { addQuota } from './quota.ts';
import { addReconcile } from './reconcile.ts';
import type { Registry } from './registry.ts';
import { runCommand, runLocalCommand } from './run-command.ts';
import { addStatus } from './status.ts';
import { addTop } from './top.ts';
import { addUi } from './ui.ts';
import { addVerify } from './verify.ts';

const examplesOf = (examples: string[]) => examples.map((example) => `  $ ${example}`).join('\n');

/** What commander writes by itself: help, and what is wrong with the usage. */
const outputOf = ({ stdout, stderr }: Host) => ({
  writeOut: (text: string) => void stdout.write(text),
  writeErr: (text: string) => void stderr.write(text),
  getOutHelpWidth: () => (stdout.isTTY ? stdout.columns : undefined) ?? 80,
  getErrHelpWidth: () => (stderr.isTTY ? stderr.columns : undefined) ?? 80,
  getOutHasColors: () => stdout.isTTY === true,
  getErrHasColors: () => stderr.isTTY === true,
});

/** Adds a command of its own to those of this package. */
export type AddCommand = (registry: Registry) => void;

/** The command line. Wrong usage throws commander's error; `done` gets the exit code of the command that ran. */
export function createProgram(host: Host, done: (code: ExitCode) => void, first: readonly AddCommand[] = []): Command {
  const program = new Command('runledger')
    .version(VERSION, '-V, --version', 'says the version')
    .description('Shows, explains and repairs what the ledger holds about the workflows that your users start.')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(add --help for what is possible)')
    .exitOverride()
    .configureOutput(outputOf(host))
    .addHelpText(
      'after',
      `
Environment, as the worker has it:
  SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY    the ledger
  TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE       localhost:7233, default
  TEMPORAL_API_KEY, TEMPORAL_TLS_…, …        for Temporal Cloud and mTLS: docs/connecting.md
  RUNLEDGER_DIR                              .runledger: without SUPABASE_URL, the stack of npm start
                                             that runs there
  NO_COLOR, FORCE_COLOR                      without colour, or with it in a pipe
${EXIT_CODES_HELP}`,
    );

  const registry: Registry = {
    command: (name, { description, examples }) =>
      program
        .command(name)
        .description(description)
        .option('-n, --namespace <name>', 'Temporal namespace (default: those of TEMPORAL_NAMESPACE)')
        .option('--json', 'one JSON document instead of text')
        .addHelpText('after', `\nExamples:\n${examplesOf(examples)}\n${EXIT_CODES_HELP}`),
    run: async (options, command) => done(await runCommand(host, options, command)),
    localCommand: (name, { description, examples }) =>
      program
        .command(name)
        .description(description)
        .addHelpText('after', `\nExamples:\n${examplesOf(examples)}`),
    runLocal: async (command) => done(await runLocalCommand(host, command)),
  };
  const commands = [
    ...first,
    ...[addStatus, addTop, addReconcile, addExplain, addUi, addEnd, addAdopt],
    ...[addExport, addImport, addPrune, addForgetUser, addQuota, addKey, addVerify, addDoctor],
  ];
  for (const add of commands) add(registry);
  return program;
}
