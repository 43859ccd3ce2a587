import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { SupervisedProcess } from '@runledger/local-stack';
import { supervise } from '@runledger/local-stack';

export interface PartOptions {
  name: string;
  /** A TypeScript file that prints a line of JSON with `"msg":"ready"`. */
  file: string;
  env: Record<string, string>;
  /** Everything that it prints is appended there. */
  logFile: string;
}

/** A process of the system, which comes back whenever it ends. */
export interface Part {
  name: string;
  pid(): number;
  /** How often it ended without being asked to, and what it said last. */
  exits(): string[];
  /** kill -9, and a start after `downMs`. Resolves when it is ready again. */
  crash(downMs: number): Promise<void>;
  /** Stops it for a while (SIGSTOP), as a machine that hangs does. */
  freeze(forMs: number): Promise<void>;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;

async function launch({ name, file, env, logFile }: PartOptions): Promise<SupervisedProcess> {
  const ready = Promise.withResolvers<void>();
  let unfinished = '';
  const running = await supervise({
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', file],
    env,
    onOutput(text) {
      appendFileSync(logFile, text);
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop() as string;
      if (lines.some((line) => line.includes('"msg":"ready"'))) ready.resolve();
    },
  });
  const early = running.ended.then(() => {
    throw new Error(`${name} ended while it was starting:\n${running.tail()}`);
  });
  const giveUp = new AbortController();
  const late = pause(READY_WITHIN_MS, undefined, { signal: giveUp.signal }).then(() => {
    throw new Error(`${name} was not ready after ${READY_WITHIN_MS / 1000} s:\n${running.tail()}`);
  });
  try {
    await Promise.race([ready.promise, early, late]);
    return running;
  } catch (error) {
    await running.end('SIGKILL');
    throw error;
  } finally {
    giveUp.abort();
    for (const promise of [early, late]) promise.catch(() => {});
  }
}

/** Starts a part and waits until it is ready. @throws Error with the end of its log when it does not get there */
export async function startPart(options: PartOptions): Promise<Part> {
  const exits: string[] = [];
  let isWanted = true;
  let current = await launch(options);
  /** Those that end because we end them. */
  const ending = new WeakSet<SupervisedProcess>();
  /** One start or end at a time. */
  let work: Promise<unknown> = Promise.resolve();
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = work.then(task);
    work = result.catch(() => {});
    return result;
  }

  /** As whoever watches over services does: tries until it runs, however long what it needs is away. */
  async function launchAgain(): Promise<void> {
    for (let attempt = 1; isWanted; attempt++) {
      try {
        current = await launch(options);
        watch(current);
        return;
      } catch (error) {
        if (attempt === 60) throw error;
        await pause(500);
      }
    }
  }
  function watch(running: SupervisedProcess): void {
    void running.ended.then(() => {
      if (ending.has(running)) return;
      exits.push(running.tail().slice(-600));
      inTurn(async () => {
        if (current === running) await launchAgain();
        // That it does not come back is seen at the end: nothing that needs it gets through.
      }).catch(() => {});
    });
  }
  watch(current);

  return {
    name: options.name,
    pid: () => current.pid,
    exits: () => [...exits],
    crash: (downMs) =>
      inTurn(async () => {
        ending.add(current);
        await current.end('SIGKILL');
        await pause(downMs);
        await launchAgain();
      }),
    async freeze(forMs) {
      const { pid } = current;
      process.kill(pid, 'SIGSTOP');
      await pause(forMs);
      process.kill(pid, 'SIGCONT');
    },
    async stop() {
      isWanted = false;
      await inTurn(async () => {
        ending.add(current);
        await current.end('SIGTERM', 12_000);
      });
    },
  };
}
