import { ExecutionError, isExecutionError } from '@runledger/contracts';
import type { Connections } from './connections.ts';
import { connect } from './connections.ts';
import type { Env } from './env.ts';
import { readEnv } from './env.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT, EXIT_OF } from './exit-code.ts';
import type { Host } from './host.ts';
import type { Terminal } from './terminal.ts';
import { createTerminal } from './terminal.ts';

/** What every command understands. */
export interface CommonOptions {
  json?: boolean;
  namespace?: string;
}

export interface CommandContext {
  host: Host;
  env: Env;
  /** The one that is meant: `--namespace`, or the first of the environment. */
  namespace: string;
  json: boolean;
  terminal: Terminal;
  /** To the ledger, and to Temporal as this namespace is reached. */
  connections: Connections;
  /** The same in each namespace that is meant: that of `--namespace`, or all of the environment. */
  eachNamespace: CommandContext[];
}

/** What a command has that needs neither the ledger nor Temporal. */
export interface LocalContext {
  host: Host;
  terminal: Terminal;
}

/** Runs a command without connections; an error becomes a sentence and its exit code. Never throws. */
export async function runLocalCommand(
  host: Host,
  command: (context: LocalContext) => Promise<ExitCode>,
): Promise<ExitCode> {
  const terminal = createTerminal(host);
  try {
    return await command({ host, terminal });
  } catch (error) {
    return fail(terminal, false, error);
  } finally {
    terminal.progress(null);
  }
}

/** Connects, runs a command and closes; an error becomes a sentence and its exit code. Never throws. */
export async function runCommand(
  host: Host,
  options: CommonOptions,
  command: (context: CommandContext) => Promise<ExitCode>,
): Promise<ExitCode> {
  const json = options.json ?? false;
  let env: Env;
  try {
    env = readEnv(host.env);
  } catch (error) {
    return fail(createTerminal(host), json, new ExecutionError('invalid_input', (error as Error).message));
  }
  const terminal = createTerminal(host, { columns: env.COLUMNS, forceColor: env.FORCE_COLOR !== undefined });
  const eachNamespace: CommandContext[] = [];
  try {
    const meant = options.namespace ? [options.namespace] : env.temporal.map(({ namespace }) => namespace);
    for (const namespace of meant) {
      const connections = connect(env, namespace);
      eachNamespace.push({ host, env, namespace, json, terminal, connections, eachNamespace });
    }
    return await command(eachNamespace[0] as CommandContext);
  } catch (error) {
    return fail(terminal, json, error);
  } finally {
    terminal.progress(null);
    await Promise.allSettled(eachNamespace.map(({ connections }) => connections.close()));
  }
}

/**
 * For a command that changes one namespace.
 * @throws ExecutionError `invalid_input` where the environment has several and none is named
 */
export function onlyNamespace({ eachNamespace, namespace }: CommandContext): string {
  if (eachNamespace.length === 1) return namespace;
  const names = eachNamespace.map((context) => `-n ${context.namespace}`).join(' or ');
  throw new ExecutionError('invalid_input', `The environment names several namespaces. Say which one: ${names}.`);
}

function fail(terminal: Terminal, json: boolean, error: unknown): ExitCode {
  const code = isExecutionError(error) ? error.code : 'internal';
  const message = error instanceof Error ? error.message : String(error);
  if (json) terminal.json({ error: { code, message } });
  else terminal.complain(`${terminal.colors.red('✗')} ${message}`);
  return isExecutionError(error) ? EXIT_OF[error.code] : EXIT.finding;
}
