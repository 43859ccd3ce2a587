import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';

export interface WatchdogOptions {
  /** How the watchdog asks the process to end. Default `TERM`. */
  endSignal?: 'INT' | 'TERM' | 'QUIT';
  /** Removed after the process, if we die before removing it ourselves. */
  removeAfterwards?: string;
}

// Blocks on a pipe that only this Node process holds open. The kernel closes it however we die (SIGKILL and a crash
// included), which no exit handler can promise; and no handler of ours competes with the application's own.
const watchdogScript = `
trap '' INT TERM HUP
read -r _
kill -s "$2" -- "$1" 2>/dev/null
i=0
while kill -0 -- "$1" 2>/dev/null && [ $i -lt 50 ]; do sleep 0.1; i=$((i + 1)); done
kill -s KILL -- "$1" 2>/dev/null
[ -z "$3" ] || rm -rf -- "$3"
`;

/** Ends a process, or a group of them where the number is negative, after this process has died; to be killed once that one has ended itself. */
export function startWatchdog(pid: number, options: WatchdogOptions = {}): ChildProcess {
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
