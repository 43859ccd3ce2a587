import type { SpawnOptions } from 'node:child_process';
import { spawn } from 'node:child_process';

export type Bounded = { code: number | null; output: string };

/** Runs a program to its end, and kills it as soon as `signal` aborts. A program that does not exist has the code null. */
export function runBounded(
  command: string,
  args: string[],
  options: Pick<SpawnOptions, 'env' | 'cwd'> & { signal: AbortSignal },
): Promise<Bounded> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], killSignal: 'SIGKILL' });
    let output = '';
    const collect = (chunk: Buffer) => {
      output = (output + chunk).slice(-2000);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', (error) => resolve({ code: null, output: `${output}${error.message}` }));
    child.on('close', (code) => resolve({ code, output: output.trim() }));
  });
}
