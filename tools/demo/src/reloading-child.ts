import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { watch } from 'chokidar';
import type { Child } from './child.ts';
import { stopChild } from './child.ts';
import { logTail } from './log-tail.ts';

/** What is written within this time is one change: an editor, or a checkout, writes several files. */
const ONE_CHANGE_MS = 100;
/** How long a part has to stop before it is killed: whoever waits for a change to show has no patience for more. */
const STOPPED_WITHIN_MS = 2_000;

export interface ReloadingOptions {
  name: string;
  /** Folders; a change of a source file in one of them, tests excepted, starts the part anew. */
  sources: string[];
  /** Starts the part, as `startChild` does. */
  start(ending: AbortSignal): Promise<Child>;
  /** Ends it for good. */
  ending: AbortSignal;
  /** A line about a new start. */
  note(line: string): void;
  /** Why it does not run: it failed while it was starting, or ended later. May be of many lines. */
  complain(text: string): void;
}

export interface ReloadingChild {
  /** The first that was ready; rejects with the reason of `ending` when none ever is. */
  first: Promise<Child>;
  stop(): Promise<void>;
}

const isSource = (path: string) => /\.(ts|json)$/.test(path) && !/\.test\.ts$/.test(path);

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** Runs a part and starts it anew whenever its source changes; one that fails waits for the next change. */
export function startReloading(options: ReloadingOptions): ReloadingChild {
  const { name, sources, start, note, complain } = options;
  const stopping = new AbortController();
  const end = AbortSignal.any([options.ending, stopping.signal]);
  const first = Promise.withResolvers<Child>();
  let change = new AbortController();
  const watcher = watch(sources, {
    ignoreInitial: true,
    ignored: (path, stats) => stats?.isFile() === true && !isSource(path),
  }).on('all', () => change.abort());
  // Too few watches, as many systems have them by default, or a folder that is gone.
  watcher.on('error', (error) => complain(`Changes of ${name} may go unseen: ${(error as Error).message}`));

  const failed = (text: string) => complain(`${text}\n${name} is started again when its source changes.`);

  /** One start; returns when the source has changed, or all ends, and what was started is gone. */
  async function runOnce(isFirst: boolean): Promise<boolean> {
    change = new AbortController();
    const until = AbortSignal.any([end, change.signal]);
    let child: Child;
    try {
      child = await start(until);
    } catch (error) {
      if (!until.aborted) failed((error as Error).message);
      await aborted(until);
      return false;
    }
    if (isFirst) first.resolve(child);
    else note(`${name} runs again, with the changed source.`);
    child.process.ended.then(() => {
      if (!until.aborted) failed(`${name} has ended. ${logTail(child.process.tail())}`);
    });
    await aborted(until);
    await stopChild(child, STOPPED_WITHIN_MS);
    return true;
  }

  async function keepRunning(): Promise<void> {
    // A part that is not watched is better than none; what went wrong has been told.
    await once(watcher, 'ready', { signal: end }).catch(() => {});
    for (let hasRun = false; !end.aborted; ) {
      if (await runOnce(!hasRun)) hasRun = true;
      // Whatever is written until then is read by the start that follows.
      await pause(ONE_CHANGE_MS, undefined, { signal: end }).catch(() => {});
    }
    first.reject(end.reason);
    await watcher.close();
  }

  const running = keepRunning();
  return {
    first: first.promise,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
