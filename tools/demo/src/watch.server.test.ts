/** `npm run dev` as a developer sees it: real processes, one start. */
import { rmSync, utimesSync } from 'node:fs';
import { temporaryFolder } from '@runledger/local-stack';
import { expect, onTestFinished, test } from 'vitest';
import { startDemo } from './fixtures/demo-process.ts';
import { eventually, stillRunning } from './fixtures/processes.ts';

/** As an editor does that saves a file without a change in it. */
function save(source: string): void {
  const now = new Date();
  utimesSync(new URL(`../../../${source}`, import.meta.url), now, now);
}

test('with --watch, the API and the worker run again after a change of what they run on, and Ctrl-C ends all', async () => {
  const dir = await temporaryFolder('watch');
  const dev = await startDemo(dir, ['--watch', '--no-demo']);
  onTestFinished(async () => {
    dev.kill('SIGKILL'); // the watchdogs see to the parts
    await dev.ended();
    rmSync(dir, { recursive: true, force: true, maxRetries: 50, retryDelay: 200 });
  });
  const { apiUrl, pids } = await dev.ready();
  await dev.says('Ready in');

  save('packages/router/src/root.ts');
  await dev.says('The API runs again, with the changed source.');
  expect(await stillRunning([pids.api as number])).toEqual([]);
  expect((await fetch(`${apiUrl}/healthz`)).status).toBe(200);
  expect(dev.output()).not.toContain('The worker runs again');

  // Bundled for Temporal, so that no process imports it.
  save('packages/monitor/src/workflows.ts');
  await dev.says('The worker runs again, with the changed source.');
  expect(await stillRunning([pids.worker as number])).toEqual([]);

  dev.kill('SIGINT');
  expect(await dev.ended()).toBe(0);
  expect(await stillRunning(Object.values(pids))).toEqual([]);
  const isGone = await eventually(async () =>
    fetch(apiUrl).then(
      () => undefined,
      () => true,
    ),
  );
  expect(isGone).toBe(true);
});
