import { getEventListeners } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectEngine } from './connect-engine.ts';
import type { EngineFixture } from './fixtures/engine-fixture.ts';
import { startEngineFixture } from './fixtures/engine-fixture.ts';
import type { WatchRun } from './watch-run.ts';
import { createRunWatch } from './watch-run.ts';

let fixture: EngineFixture;
let watch: WatchRun;
let connection: ReturnType<typeof connectEngine>;
beforeAll(async () => {
  fixture = await startEngineFixture();
  connection = connectEngine({ address: fixture.address, attempts: 1 });
  watch = createRunWatch(connection);
});
afterAll(async () => {
  await connection?.close();
  await fixture?.[Symbol.asyncDispose]();
});

describe.concurrent('watching a run', () => {
  test('wakes up when the run closes', async () => {
    const target = await fixture.start('waits');
    const watching = watch({ ...target, runId: target.firstRunId }, { signal: new AbortController().signal });
    await fixture.engine.terminate(target, { actor: 'anna', reason: 'enough' });
    expect(await watching).toBe('closed');
    expect(await watch({ ...target, runId: null }, { signal: new AbortController().signal })).toBe('closed');
  });

  test('wakes up when the run hands on to the next one', async () => {
    const target = await fixture.start('continues', [1]);
    expect(await watch({ ...target, runId: target.firstRunId }, { signal: new AbortController().signal })).toBe(
      'closed',
    );
  });

  test('a run that stays open is open when the wait is over', async () => {
    const target = await fixture.start('waits');
    const options = { signal: new AbortController().signal, deadlineMs: 3_000 };
    expect(await watch({ ...target, runId: target.firstRunId }, options)).toBe('open');
  });

  test('an aborted watch ends at once and leaves no listener behind', async () => {
    const target = await fixture.start('waits');
    const controller = new AbortController();
    const watching = watch({ ...target, runId: target.firstRunId }, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('give way')), 100);
    await expect(watching).rejects.toThrow('give way');
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    await expect(watch({ ...target, runId: null }, { signal: controller.signal })).rejects.toThrow('give way');
  });

  test('an unknown workflow is not found', async () => {
    const run = { namespace: 'default', temporalWorkflowId: 'nobody', runId: null };
    await expect(watch(run, { signal: new AbortController().signal })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('an unreachable server is said at once, without retries', async () => {
    const away = connectEngine({ address: '127.0.0.1:9', attempts: 1 });
    const run = { namespace: 'default', temporalWorkflowId: 'any', runId: null };
    const started = createRunWatch(away)(run, { signal: new AbortController().signal });
    await expect(started).rejects.toMatchObject({ code: 'engine_unavailable' });
    await away.close();
  });
});
