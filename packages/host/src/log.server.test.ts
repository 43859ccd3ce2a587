import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';

test('a process whose log nobody reads any more can still end', async () => {
  const script = `
    import { createLog } from '${new URL('log.ts', import.meta.url)}';
    const log = createLog('info');
    process.stdin.on('data', () => { log.info('one'); log.info('two'); process.exit(0); });
    log.info('begun');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  await once(child.stdout, 'close');
  child.stdin.write('end\n');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
