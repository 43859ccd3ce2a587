import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { env } from './env.ts';

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

export type SuperviseOptions = {
  command: string;
  args: string[];
  env?: Record<string, string>;
  uid?: number;
  gid?: number;
  onOutput?: (text: string) => void;
  /** Removed after the process, if we die before removing it ourselves. */
  removeAfterwards?: string;
  /** How the watchdog asks the process to end. */
  endSignal?: 'INT' | 'TERM' | 'QUIT';
};

// Blocks on a pipe that only this Node process holds open. The kernel closes it however we die (SIGKILL and a crash
// included), which no exit handler can promise; and no handler of ours competes with the application's own.
const watchdogScript = `
trap '' INT TERM HUP
read -r _
kill -s "$2" "$1" 2>/dev/null
i=0
while kill -0 "$1" 2>/dev/null && [ $i -lt 50 ]; do sleep 0.1; i=$((i + 1)); done
kill -s KILL "$1" 2>/dev/null
[ -z "$3" ] || rm -rf -- "$3"
`;

function startWatchdog(pid: number, options: SuperviseOptions): ChildProcess {
  const args = ['-c', watchdogScript, 'runledger-watchdog', `${pid}`, options.endSignal ?? 'TERM'];
  const watchdog = spawn('/bin/sh', [...args, options.removeAfterwards ?? ''], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watchdog.on('error', () => {}); // without /bin/sh the child is still ended by stop(), only not by our sudden death
  watchdog.unref();
  (watchdog.stdin as unknown as { unref(): void }).unref();
  return watchdog;
}

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
