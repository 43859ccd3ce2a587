import { fileURLToPath } from 'node:url';
import { unlessAborted } from '@runledger/host/shutdown';
import type { SupervisedProcess } from '@runledger/local-stack/supervised-process';
import { supervise } from '@runledger/local-stack/supervised-process';
import { logTail } from './log-tail.ts';
import { watchProgress } from './watch-progress.ts';

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
  /** How long it may neither write nor use the processor before its start counts as stuck. Default: a minute. */
  stuckAfterMs?: number;
  /** A file that goes with the process if we die before we can remove it. */
  removeAfterwards?: string;
  /** Each whole line that it prints until it is ready. */
  onLine?: (line: string) => void;
  /** Each whole line that it prints once it is ready. */
  onLaterLine?: (line: string) => void;
}

/** How long a part has to stop in order before it is killed. */
const STOPPED_WITHIN_MS = 10_000;

export const stopChild = (child: Pick<Child, 'process'>, withinMs = STOPPED_WITHIN_MS): Promise<void> =>
  child.process.end('SIGTERM', withinMs);

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
 * Starts a TypeScript file with this Node, and waits until it prints a line of JSON whose `msg` is `ready`: as long as it
 * gets on, however busy the machine is.
 * @throws Error that names the part, with the end of its log, when it ends before or is stuck
 */
export async function startChild(
  name: string,
  file: URL,
  env: Record<string, string>,
  options: ChildOptions = {},
): Promise<Child> {
  const { ending = new AbortController().signal, stuckAfterMs = 60_000, onLine, onLaterLine } = options;
  ending.throwIfAborted();
  const said = Promise.withResolvers<Record<string, unknown>>();
  let isReady = false;
  let unfinished = '';
  let written = 0;
  const process_ = await supervise({
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', fileURLToPath(file)],
    env,
    removeAfterwards: options.removeAfterwards,
    onOutput(text) {
      written += text.length;
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop() as string;
      for (const line of lines) {
        if (isReady) {
          onLaterLine?.(line);
          continue;
        }
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
  const stuck = watchProgress(process_.pid, () => written, stuckAfterMs);
  try {
    const ended = process_.ended.then(() => 'ended' as const);
    const outcome = await unlessAborted(ending, Promise.race([said.promise, ended, stuck.promise]));
    if (typeof outcome === 'object') return { ...child, ready: outcome };
    const why =
      outcome === 'ended'
        ? 'ended while it was starting'
        : `has done nothing for ${Math.round(stuckAfterMs / 1000)} s while it was starting`;
    throw new Error(`${name} ${why}. ${logTail(process_.tail())}`);
  } catch (error) {
    await stopChild(child);
    throw error;
  } finally {
    stuck.stop();
  }
}
