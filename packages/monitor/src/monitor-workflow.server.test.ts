import { fileURLToPath } from 'node:url';
import type { Engine, Ledger } from '@runledger/contracts';
import { connectEngine } from '@runledger/engine';
import type { LocalTemporal } from '@runledger/local-stack';
import { startTemporal } from '@runledger/local-stack';
import { WorkflowClient } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureMonitorWorkflow, monitorTaskQueue } from './ensure-monitor-workflow.ts';
import { NO_FIGURES, NOTHING_VISIBLE } from './fixtures/nothing-visible.ts';
import { until } from './fixtures/until.ts';
import { createMonitorActivities } from './monitor-activities.ts';

let temporal: LocalTemporal;
let connection: ReturnType<typeof connectEngine>;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  temporal = await startTemporal({ address: null });
  connection = connectEngine({ address: temporal.address });
});
afterAll(async () => {
  await connection?.close();
  await temporal?.stop();
});

/** A ledger in which nothing ever happens; it counts how often a monitor began to follow. */
function fakeLedger() {
  let begun = 0;
  const ledger: Partial<Ledger> = {
    async changesSince(cursor) {
      if (cursor === null) begun += 1;
      return { changes: [], cursor: '1' };
    },
    unsettled: async () => [],
    dueChecks: async () => [],
    pendingStarts: async () => [],
    saveChecks: async () => {},
    publishProof: async () => {},
    watermark: async () => null,
    saveWatermark: async () => {},
    findRuns: async () => [],
    usualDurations: async () => [],
    pendingTimelines: async () => [],
    figures: async () => NO_FIGURES,
  };
  return { ledger: ledger as Ledger, begun: () => begun };
}

async function startWorker(taskQueue: string, options: { shiftMs?: number; version?: number } = {}) {
  const { ledger, begun } = fakeLedger();
  const shutdown = new AbortController();
  // Of its own, as in a process of its own: a connection takes one worker per task queue.
  const native = await NativeConnection.connect({ address: temporal.address });
  const deps = {
    ledger,
    engine: {} as Engine,
    watch: async () => 'open' as const,
    visibility: NOTHING_VISIBLE,
    namespace: 'default',
  };
  const worker = await Worker.create({
    connection: native,
    taskQueue: monitorTaskQueue(taskQueue, options.version),
    workflowsPath: fileURLToPath(import.meta.resolve('@runledger/monitor/workflows')),
    activities: createMonitorActivities(
      { ...deps, logger: pino({ level: 'silent' }) },
      { shutdown: shutdown.signal, ...options },
    ),
    maxConcurrentActivityTaskExecutions: 1,
  });
  const running = worker.run();
  return {
    begun,
    async [Symbol.asyncDispose]() {
      if (shutdown.signal.aborted) return;
      shutdown.abort();
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
      await native.close();
    },
  };
}

describe('the monitor workflow', () => {
  const handle = () => new WorkflowClient({ connection }).getHandle('runledger-monitor-default');

  test('exists once, and comes back when somebody terminated it', async () => {
    const options = { namespace: 'default', taskQueue: 'queue-1' };
    const both = await Promise.all([
      ensureMonitorWorkflow(connection, options),
      ensureMonitorWorkflow(connection, options),
    ]);
    expect(both.toSorted()).toEqual(['already_running', 'started']);
    await handle().terminate();
    expect(await ensureMonitorWorkflow(connection, options)).toBe('started');
    await handle().terminate();
  });

  test('lets one worker follow, and hands over to another when that one stops', async () => {
    await ensureMonitorWorkflow(connection, { namespace: 'default', taskQueue: 'queue-2' });
    await using first = await startWorker('queue-2');
    await until(first.begun, 1);
    await using second = await startWorker('queue-2');
    expect(second.begun()).toBe(0);
    await first[Symbol.asyncDispose]();
    await until(second.begun, 1);
    expect(first.begun()).toBe(1);
    await handle().terminate();
  });

  test('is taken over by a newer version, and an older one stands by while that runs', async () => {
    const at = (version: number, more: object = {}) =>
      ensureMonitorWorkflow(connection, { namespace: 'default', taskQueue: 'queue-4', version, ...more });
    expect(await at(1)).toBe('started');
    await using old = await startWorker('queue-4', { version: 1 });
    await until(old.begun, 1);
    expect(await at(2)).toBe('taken_over');
    await using young = await startWorker('queue-4', { version: 2 });
    await until(young.begun, 1);
    expect([await at(2), await at(1)]).toEqual(['already_running', 'newer_running']);
    expect(old.begun()).toBe(1);
    await young[Symbol.asyncDispose]();
    // A release that was rolled back: nobody asks the newer queue for work any more.
    await until(() => at(1, { abandonedAfterMs: 1 }), 'taken_over');
    await until(old.begun, 2);
    await handle().terminate();
  });

  test('begins a new history when a shift is over', async () => {
    await ensureMonitorWorkflow(connection, { namespace: 'default', taskQueue: 'queue-3' });
    const { runId } = await handle().describe();
    await using worker = await startWorker('queue-3', { shiftMs: 200 });
    await until(worker.begun, (begun) => begun >= 2);
    const now = await handle().describe();
    expect(now.runId).not.toBe(runId);
    expect(now.status.name).toBe('RUNNING');
    await handle().terminate();
  });
});
