import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { env } from './env.ts';
import type { WatchdogOptions } from './watchdog.ts';
import { startWatchdog } from './watchdog.ts';

export type SupervisedProcess = {
  pid: number;
  /** The last lines the process wrote, for error messages. */
  tail(): string;
  /** Resolves when the process has ended, by whatever cause. */
  ended: Promise<void>;
  /** Sends `signal`, and SIGKILL when the process has not ended `graceMs` later. */
  end(signal: NodeJS.Signals, graceMs?: number): Promise<void>;
  /** Lets this Node process exit while the child runs; the child is ended then. */
  unref(): void;
};

export type SuperviseOptions = WatchdogOptions & {
  command: string;
  args: string[];
  env?: Record<string, string>;
  uid?: number;
  gid?: number;
  onOutput?: (text: string) => void;
};

/**
 * Starts a server process that never outlives this one. It gets a process group of its own, so that Ctrl-C in the
 * terminal reaches only us: the application stops its parts in its own order instead of losing them all at once.
 */
export async function supervise(options: SuperviseOptions): Promise<SupervisedProcess> {
  const child = spawn(options.command, options.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: env.forChild(options.env),
    cwd: '/',
    uid: options.uid,
    gid: options.gid,
  });
  await once(child, 'spawn');
  const pid = child.pid as number;
  const watchdog = startWatchdog(pid, options);

  let tail = '';
  const onData = (chunk: Buffer) => {
    const text = chunk.toString();
    tail = (tail + text).slice(-4000);
    options.onOutput?.(text);
  };
  child.stdout.on('data', onData);
  child.stderr.on('data', onData);

  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      watchdog.kill('SIGKILL');
      // 'close' comes after the last output, but never while a grandchild holds the pipes open.
      child.once('close', resolve);
      setTimeout(resolve, 200);
    });
  });

  return {
    pid,
    ended,
    tail: () => tail.trim(),
    async end(signal, graceMs = 5000) {
      child.ref();
      child.kill(signal);
      const overdue = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(overdue);
    },
    unref() {
      child.unref();
      for (const stream of [child.stdout, child.stderr]) (stream as unknown as { unref(): void }).unref();
    },
  };
}
