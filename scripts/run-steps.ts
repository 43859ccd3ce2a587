import { spawn } from 'node:child_process';

export interface Step {
  name: string;
  command: string;
  args: string[];
}

/** Runs one step after the other, each with its time; stops at the first that fails and returns its exit code. */
export async function runSteps(steps: Step[]): Promise<number> {
  for (const { name, command, args } of steps) {
    const began = performance.now();
    console.log(`\n▸ ${name}: ${[command, ...args].join(' ')}`);
    const code = await new Promise<number>((resolve) => {
      const child = spawn(command, args, { stdio: 'inherit' });
      const handOn = () => child.kill('SIGTERM');
      process.once('SIGTERM', handOn);
      child.on('error', (error) => {
        console.error(error.message);
        resolve(1);
      });
      child.on('exit', (code) => {
        process.off('SIGTERM', handOn);
        resolve(code ?? 1);
      });
    });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
    if (code !== 0) return code;
  }
  return 0;
}
