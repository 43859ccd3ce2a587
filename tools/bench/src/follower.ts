import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Figures, Question, Task } from './follower-protocol.ts';

const FILES = {
  monitor: new URL('./followers/monitor.ts', import.meta.url),
  /** Whose polls nobody waits for. */
  monitorAlone: new URL('./followers/monitor.ts', import.meta.url),
  monitorOfOpen: new URL('./followers/monitor-of-open.ts', import.meta.url),
  naive: new URL('./followers/naive.ts', import.meta.url),
  idle: new URL('./followers/idle.ts', import.meta.url),
  /** Runs the workflows of `recording-activity`; follows nothing. */
  workflowWorker: new URL('./followers/workflow-worker.ts', import.meta.url),
  /** As the monitor is started. */
  idleLikeMonitor: new URL('./followers/idle.ts', import.meta.url),
};
export type FollowerKind = keyof typeof FILES;

const WITH_DEFAULTS: FollowerKind[] = ['naive', 'idle', 'workflowWorker'];

/** How the documentation starts the worker: V8 otherwise keeps what it took while it read thousands of executions. */
const LIKE_THE_WORKER = ['--max-semi-space-size=4'];

/** Most executions that a monitor watches by a long poll: its default cap. */
const WATCH_CAP = 800;
const LONG_POLL = 'GetWorkflowExecutionHistory';

export interface Follower extends AsyncDisposable {
  figures(): Promise<Figures>;
  pid: number;
}

/** Starts a follower in a process of its own, which ends with this one. Resolves when it waits for its executions. */
export async function startFollower(kind: FollowerKind, task: Task): Promise<Follower> {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, NODE_COMPILE_CACHE, DO_NOT_TRACK: '1' };
  const flags = WITH_DEFAULTS.includes(kind) ? [] : LIKE_THE_WORKER;
  const execArgv = ['--disable-warning=ExperimentalWarning', ...flags];
  const child = fork(fileURLToPath(FILES[kind]), { env, execArgv });
  const end = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  };
  try {
    const figures = () => ask(child, { ask: 'figures' });
    // Only the naive one is told what to follow; the monitor reads it from the ledger.
    const begin = kind === 'naive' ? task : { ...task, executions: [] };
    await ask(child, { ask: 'begin', task: begin });
    const polls = {
      idle: 0,
      idleLikeMonitor: 0,
      monitorAlone: 0,
      monitorOfOpen: 0,
      workflowWorker: 0,
      naive: task.executions.length,
      monitor: Math.min(task.executions.length, WATCH_CAP),
    }[kind];
    if (polls > 0 || kind === 'idle' || kind === 'idleLikeMonitor') await untilWaiting(figures, polls);
    return { figures, pid: child.pid as number, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function ask(child: ChildProcess, question: Question): Promise<Figures> {
  const stop = new AbortController();
  const ended = once(child, 'exit', { signal: stop.signal }).then(() => {
    throw new Error('the follower has ended');
  });
  const answered = once(child, 'message', { signal: stop.signal });
  try {
    child.send(question);
    const [figures] = (await Promise.race([answered, ended])) as [Figures];
    return figures;
  } finally {
    stop.abort();
    ended.catch(() => undefined);
  }
}

async function untilWaiting(figures: () => Promise<Figures>, polls: number): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; await pause(200)) {
    const { engine } = await figures();
    if ((engine[LONG_POLL] ?? 0) >= polls) break;
    if (Date.now() > deadline) throw new Error(`only ${engine[LONG_POLL] ?? 0} of ${polls} polls after a minute`);
  }
  // For what comes with the beginning: first reads, lists, the first garbage.
  await pause(2_000);
}
