import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, dirname } from 'node:path';

export interface RunningScript extends AsyncDisposable {
  /** What it has written so far. */
  output(): string;
  /** Waits until it has written what matches. @throws Error with its output, where it ends before */
  written(pattern: RegExp): Promise<RegExpExecArray>;
  /** Waits for its end. @throws Error with its output, where that is a failure */
  succeeded(): Promise<string>;
}

/** Runs `npm run <name>` in a project, as its README says; disposing it ends all that it has started. */
export function runScript(
  folder: string,
  [name, ...args]: readonly [string, ...string[]],
  variables: Readonly<Record<string, string>> = {},
): RunningScript {
  return start(folder, ['npm', ['run', '--silent', name, '--', ...args]], variables);
}

/** Runs a command that a project has installed. */
export const runInstalled = (
  folder: string,
  [name, ...args]: readonly [string, ...string[]],
  variables: Readonly<Record<string, string>> = {},
): RunningScript => start(folder, [`./node_modules/.bin/${name}`, args], variables);

/** Runs a command as somebody types it. */
export const runShell = (
  folder: string,
  command: string,
  variables: Readonly<Record<string, string>> = {},
): RunningScript => start(folder, ['/bin/sh', ['-c', command]], variables);

function start(
  folder: string,
  [command, args]: readonly [string, string[]],
  variables: Readonly<Record<string, string>>,
): RunningScript {
  // The Node of this process, and none of the variables of whoever runs the tests.
  const { HOME = '', PATH = '', XDG_CACHE_HOME = '', NODE_COMPILE_CACHE = '', NODE_EXTRA_CA_CERTS = '' } = process.env;
  const env = {
    ...{
      HOME,
      XDG_CACHE_HOME,
      NODE_COMPILE_CACHE,
      NODE_EXTRA_CA_CERTS,
      DO_NOT_TRACK: '1',
      NEXT_TELEMETRY_DISABLED: '1',
    },
    PATH: `${dirname(process.execPath)}${delimiter}${PATH}`,
    ...variables,
  };
  const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      output += text;
      for (const listener of listeners) listener();
    });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    output: () => output,
    async written(pattern) {
      const { promise, resolve } = Promise.withResolvers<RegExpExecArray | null>();
      const look = () => {
        const found = pattern.exec(output);
        if (found) resolve(found);
      };
      listeners.add(look);
      look();
      void ended.then(() => resolve(pattern.exec(output)));
      const found = await promise;
      listeners.delete(look);
      if (!found) throw new Error(`It ended without writing ${pattern}:\n${output}`);
      return found;
    },
    async succeeded() {
      const code = await ended;
      if (code !== 0) throw new Error(`It ended with ${code}:\n${output}`);
      return output;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.pid) process.kill(-child.pid, 'SIGTERM');
      await ended;
    },
  };
}
