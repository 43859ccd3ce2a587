import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { watchProgress } from './watch-progress.ts';

function run(script: string): number {
  const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child.pid as number;
}

test('a process that waits for nothing is stuck', async () => {
  const watch = watchProgress(run('setInterval(() => {}, 1e6)'), () => 0, 1_200);
  expect(await watch.promise).toBe('stuck');
});

test('one that works in silence, or writes without working, is not', async () => {
  let written = 0;
  const works = watchProgress(run('for (;;);'), () => 0, 3_000);
  const writes = watchProgress(run('setInterval(() => {}, 1e6)'), () => (written += 1), 3_000);
  // It is stuck long before: what it is compared with.
  const waits = watchProgress(run('setInterval(() => {}, 1e6)'), () => 0, 3_000);
  onTestFinished(() => {
    works.stop();
    writes.stop();
  });
  const first = await Promise.race([
    works.promise.then(() => 'works'),
    writes.promise.then(() => 'writes'),
    waits.promise.then(() => 'waits'),
  ]);
  expect(first).toBe('waits');
});
