import { fileURLToPath } from 'node:url';
import type { SupervisedProcess } from '@runledger/local-stack';
import { supervise } from '@runledger/local-stack';
import { unlessEnding } from './ending.ts';
import { logTail } from './log-tail.ts';

/** A part of the stack that runs as a process of its own. */
export interface Child {
  name: string;
  process: SupervisedProcess;
  /** What its `ready` line says. */
  ready: Record<string, unknown>;
}

export interface ChildOptions {
  /** Ends the start: the process is stopped, and the start throws the reason. */
  ending?: AbortSignal;
  /** Default: a minute. */
  readyWithinMs?: number;
  /** A file that goes with the process if we die before we can remove it. */
  removeAfterwards?: string;
  /** Each whole line that it prints until it is ready. */
  onLine?: (line: string) => void;
}

/** How long a part has to stop in order before it is killed. */
const STOPPED_WITHIN_MS = 10_000;

export const stopChild = (child: Pick<Child, 'process'>): Promise<void> =>
  child.process.end('SIGTERM', STOPPED_WITHIN_MS);

function parseReady(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{') || !line.includes('"ready"')) return null;
  try {
    const said = JSON.parse(line);
    return said.msg === 'ready' ? said : null;
  } catch {
    return null;
  }
}

/**
 * Starts a TypeScript file with this Node, and waits until it prints a line of JSON whose `msg` is `ready`.
 * @throws Error that names the part, with the end of its log, when it ends before or takes too long
 */
export async function startChild(
  name: string,
  file: URL,
  env: Record<string, string>,
  options: ChildOptions = {},
): Promise<Child> {
  const { ending = new AbortController().signal, readyWithinMs = 60_000, onLine } = options;
  ending.throwIfAborted();
  const said = Promise.withResolvers<Record<string, unknown>>();
  let isReady = false;
  let unfinished = '';
  const process_ = await supervise({
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', fileURLToPath(file)],
    env,
    removeAfterwards: options.removeAfterwards,
    onOutput(text) {
      if (isReady) return;
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop() as string;
      for (const line of lines) {
        const ready = parseReady(line);
        if (!ready) {
          onLine?.(line);
          continue;
        }
        isReady = true;
        said.resolve(ready);
      }
    },
  });
  const child = { name, process: process_ };
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), readyWithinMs);
  try {
    const ended = process_.ended.then(() => 'ended' as const);
    const outcome = await unlessEnding(ending, Promise.race([said.promise, ended, late.promise]));
    if (typeof outcome === 'object') return { ...child, ready: outcome };
    const why =
      outcome === 'ended' ? 'ended while it was starting' : `was not ready after ${Math.round(readyWithinMs / 1000)} s`;
    throw new Error(`${name} ${why}. ${logTail(process_.tail())}`);
  } catch (error) {
    await stopChild(child);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
