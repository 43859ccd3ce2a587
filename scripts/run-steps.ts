import { spawn } from 'node:child_process';

export interface Step {
  name: string;
  command: string;
  args: string[];
}

/** Runs a step, handing SIGTERM on to it. Resolves to its exit code, 1 where a signal ended it or it did not start. */
function run({ command, args }: Step, options: { env?: NodeJS.ProcessEnv; onText?: (text: string) => unknown }) {
  const { env = process.env, onText } = options;
  return new Promise<number>((resolve) => {
    const child = spawn(command, args, { env, stdio: onText ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    const handOn = () => child.kill('SIGTERM');
    process.once('SIGTERM', handOn);
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => onText?.(text));
    child.on('error', (error) => {
      (onText ?? console.error)(error.message);
      resolve(1);
    });
    child.on('close', (code) => {
      process.off('SIGTERM', handOn);
      resolve(code ?? 1);
    });
  });
}

const commandOf = ({ command, args }: Step) => [command, ...args].join(' ');
const secondsSince = (began: number) => `${((performance.now() - began) / 1000).toFixed(1)} s`;

/** Runs one step after the other, each with its time; stops at the first that fails and returns its exit code. */
export async function runInTurn(steps: Step[]): Promise<number> {
  for (const step of steps) {
    const began = performance.now();
    console.log(`\n▸ ${step.name}: ${commandOf(step)}`);
    const code = await run(step, {});
    console.log(`${code === 0 ? '✓' : '✗'} ${step.name} (${secondsSince(began)})`);
    if (code !== 0) return code;
  }
  return 0;
}

/**
 * Runs steps that do not need each other, a few at a time. What a step writes is shown only if it fails, and whole; the others
 * run on, so that one call shows every mistake. Returns the exit code of the first that failed.
 * @param atATime How many run at once. Default 2.
 */
export async function runSideBySide(steps: Step[], atATime = 2): Promise<number> {
  const began = performance.now();
  const waiting = [...steps];
  const failed: { name: string; code: number }[] = [];
  const env = process.stdout.isTTY ? { ...process.env, FORCE_COLOR: '1' } : process.env;

  async function runNext(): Promise<void> {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const stepBegan = performance.now();
      const texts: string[] = [];
      const code = await run(step, { env, onText: (text) => texts.push(text) });
      console.log(`${code === 0 ? '✓' : '✗'} ${step.name} (${secondsSince(stepBegan)})`);
      if (code === 0) continue;
      console.log(`\n▸ ${commandOf(step)}\n${texts.join('').trimEnd()}\n`);
      failed.push({ name: step.name, code });
    }
  }

  await Promise.all(Array.from({ length: atATime }, runNext));
  const names = failed.map(({ name }) => name).join(', ');
  console.log(failed.length > 0 ? `\nFailed: ${names}` : `All ${steps.length} checks passed in ${secondsSince(began)}`);
  return failed[0]?.code ?? 0;
}
