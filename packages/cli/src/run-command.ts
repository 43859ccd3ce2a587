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
  namespace: string;
  json: boolean;
  terminal: Terminal;
  connections: Connections;
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
  const connections = connect(env);
  try {
    const namespace = options.namespace ?? env.TEMPORAL_NAMESPACE;
    return await command({ host, env, namespace, json, terminal, connections });
  } catch (error) {
    return fail(terminal, json, error);
  } finally {
    terminal.progress(null);
    await connections.close().catch(() => undefined);
  }
}

function fail(terminal: Terminal, json: boolean, error: unknown): ExitCode {
  const code = isExecutionError(error) ? error.code : 'internal';
  const message = error instanceof Error ? error.message : String(error);
  if (json) terminal.json({ error: { code, message } });
  else terminal.complain(`${terminal.colors.red('✗')} ${message}`);
  return isExecutionError(error) ? EXIT_OF[error.code] : EXIT.finding;
}
