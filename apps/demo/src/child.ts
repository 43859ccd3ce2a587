import { fileURLToPath } from 'node:url';
import type { SupervisedProcess } from '@runledger/local-stack';
import { supervise } from '@runledger/local-stack';

/** A part of the stack that runs as a process of its own. */
export interface Child {
  name: string;
  process: SupervisedProcess;
}

const READY_WITHIN_MS = 60_000;

/** Starts a TypeScript file with this Node, and waits until it prints a line of JSON whose `msg` is `ready`. */
export async function startChild(name: string, file: URL, env: Record<string, string>): Promise<Child> {
  let output = '';
  let ready = () => {};
  const isReady = new Promise<'ready'>((resolve) => {
    ready = () => resolve('ready');
  });
  const child = await supervise({
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', fileURLToPath(file)],
    env,
    onOutput(text) {
      if (output === '' || output.length < 100_000) output += text;
      if (/^\{.*"msg":"ready".*\}$/m.test(output)) ready();
    },
  });
  const waited = new AbortController();
  const outcome = await Promise.race([
    isReady,
    child.ended.then(() => 'ended' as const),
    new Promise<'late'>((resolve) => {
      const timer = setTimeout(() => resolve('late'), READY_WITHIN_MS);
      waited.signal.addEventListener('abort', () => clearTimeout(timer));
    }),
  ]);
  waited.abort();
  if (outcome === 'ready') return { name, process: child };
  await child.end('SIGKILL');
  const why = outcome === 'ended' ? 'ended while it was starting' : `was not ready after ${READY_WITHIN_MS / 1000} s`;
  throw new Error(`${name} ${why}. The end of its log:\n${child.tail()}`);
}
