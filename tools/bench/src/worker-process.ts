import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Task } from './follower-protocol.ts';

const MAIN = fileURLToPath(new URL('../../../apps/worker/src/main.ts', import.meta.url));

export interface WorkerProcess extends AsyncDisposable {
  signal(name: NodeJS.Signals): void;
  /** Resolves when it has logged this message, be it before. */
  logged(message: string): Promise<void>;
}

/** Runs `apps/worker` as the documentation says, with its defaults. */
export async function startWorker(task: Omit<Task, 'executions'>): Promise<WorkerProcess> {
  const child: ChildProcess = spawn(process.execPath, ['--max-semi-space-size=4', MAIN], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH,
      DO_NOT_TRACK: '1',
      TEMPORAL_ADDRESS: task.temporalAddress,
      SUPABASE_URL: task.supabaseUrl,
      SUPABASE_SERVICE_ROLE_KEY: task.supabaseKey,
    },
  });
  const messages = new Set<string>();
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  lines.on('line', (line) => messages.add((JSON.parse(line) as { msg: string }).msg));
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  // Not even when this process is interrupted.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const worker: WorkerProcess = {
    signal: (name) => child.kill(name),
    async logged(message) {
      while (!messages.has(message)) {
        if (ended()) throw new Error(`the worker ended before it logged "${message}"`);
        await once(lines, 'line');
      }
    },
    async [Symbol.asyncDispose]() {
      process.off('exit', kill);
      if (ended()) return;
      const gone = once(child, 'exit');
      kill();
      await gone;
    },
  };
  await worker.logged('ready');
  return worker;
}
