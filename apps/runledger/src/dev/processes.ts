import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Terminal } from '@runledger/cli';
import { startWatchdog } from '@runledger/local-stack/watchdog';

/** How long a process has to end in order before it is killed. */
const STOPPED_WITHIN_MS = 12_000;

export interface DevProcess {
  name: string;
  /** @throws Error with the end of its output when it ends before it is ready */
  ready: Promise<void>;
  ended: Promise<number | null>;
  stop(): Promise<void>;
}

interface StartOptions {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** It is ready with the first line for which this is true; without it, at once. */
  isReady?(line: string): boolean;
  /** Its lines are shown, behind its name. */
  isShown: boolean;
  terminal: Terminal;
}

/** Runs a program of this machine beside the others. */
export function startProcess(
  name: string,
  [command, ...args]: readonly [string, ...string[]],
  { env, cwd, isReady, isShown, terminal }: StartOptions,
): DevProcess {
  // A group of its own, so that what it has started ends with it.
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const watchdog = child.pid === undefined ? null : startWatchdog(-child.pid);
  const tail: string[] = [];
  let becomeReady = () => {};
  const saidReady = new Promise<void>((resolve) => {
    becomeReady = resolve;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      tail.push(error.message);
      resolve(1);
    });
    child.once('close', (code) => {
      watchdog?.kill('SIGKILL');
      resolve(code);
    });
  });
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      tail.push(line);
      if (tail.length > 15) tail.shift();
      if (isShown) terminal.print(`${terminal.colors.dim(`${name} │`)} ${line}`);
      if (isReady?.(line)) becomeReady();
    });
  const signal = (name: NodeJS.Signals) => {
    try {
      if (child.pid) process.kill(-child.pid, name);
    } catch {
      // It is gone.
    }
  };
  const stop = async () => {
    signal('SIGTERM');
    const overdue = setTimeout(() => signal('SIGKILL'), STOPPED_WITHIN_MS);
    await ended;
    clearTimeout(overdue);
  };
  process.once('exit', () => child.exitCode === null && signal('SIGKILL'));
  const early = ended.then(() => {
    throw new Error(`${name} ended while it was starting:\n${tail.join('\n')}`);
  });
  const ready = isReady ? Promise.race([saidReady, early]) : Promise.resolve();
  // Where something else has failed by then, nobody asks any more.
  for (const promise of [early, ready]) promise.catch(() => {});
  return { name, ready, ended, stop };
}
