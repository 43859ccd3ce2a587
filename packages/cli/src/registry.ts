import type { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import type { CommandContext, CommonOptions, LocalContext } from './run-command.ts';

/** Adds a command to the program; `run` connects, runs it, and keeps its exit code. */
export interface Registry {
  /** A command with what all have: `--json`, `--namespace`, and help that ends with examples. */
  command(nameAndArguments: string, about: { description: string; examples: string[] }): Command;
  run(options: CommonOptions, command: (context: CommandContext) => Promise<ExitCode>): Promise<void>;
  /** A command that needs neither the ledger nor Temporal: it has the options that it adds. */
  localCommand(nameAndArguments: string, about: { description: string; examples: string[] }): Command;
  runLocal(command: (context: LocalContext) => Promise<ExitCode>): Promise<void>;
}
