import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { Engine, ExecutionService } from '@runledger/contracts';
import { connectEngine, createEngine } from '@runledger/engine';
import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import type { LocalSupabase, LocalTemporal } from '@runledger/local-stack';
import { freePort, otherSchemaVersion, startTemporal, startTestSupabase } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spawnWorker } from './fixtures/worker-process.ts';

let supabase: LocalSupabase;
let temporal: LocalTemporal;
let engine: Engine;
let connection: ReturnType<typeof connectEngine>;
let service: ExecutionService;
let workflow: string;

beforeAll(async () => {
  [supabase, temporal] = await Promise.all([
    startTestSupabase(),
    startTemporal({ address: null, namespaces: ['default', 'other'] }),
  ]);
  connection = connectEngine({ address: temporal.address });
  engine = createEngine({ connection });
  service = createExecutionService(connectSupabase({ url: supabase.url, key: supabase.serviceRoleKey }));
  await supabase.database.query(`insert into runledger.users (id) values ('anna')`);
  const [row] = await supabase.database.query<{ id: string }>(
    `insert into runledger.workflows (user_id, name, workflow_type, task_queue)
     values ('anna', 'waits', 'waits', 'nobody') returning id`,
  );
  workflow = row?.id ?? '';
});
afterAll(async () => {
  await connection?.close();
  await Promise.all([temporal?.stop(), supabase?.stop()]);
});

const environment = (more: Record<string, string> = {}) => ({
  SUPABASE_URL: supabase.url,
  SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
  TEMPORAL_ADDRESS: temporal.address,
  RUNLEDGER_RECONCILE_PERIOD_MS: '2000',
  ...more,
});

/** Starts a workflow that no worker takes up, and records it. */
async function start(executionTimeout: string | null = null, namespace = 'default') {
  const temporalWorkflowId = `order-${randomUUID()}`;
  const request = { namespace, temporalWorkflowId, workflowType: 'waits', taskQueue: 'nobody', userId: 'anna' };
  const started = await engine.start({
    ...request,
    input: null,
    executionTimeout,
    runTimeout: null,
    retryPolicy: null,
  });
  if (started.kind === 'refused') throw new Error(started.failure.message);
  const { id } = await service.createExecution({
    workflowId: workflow,
    userId: 'anna',
    temporalNamespace: namespace,
    temporalWorkflowId,
    temporalRunId: started.firstRunId,
  });
  return { id, target: { namespace, temporalWorkflowId, firstRunId: started.firstRunId } };
}

async function settled(id: string) {
  for (;;) {
    const execution = await service.getExecutionById(id);
    if (execution?.outcomeAuthority === 'engine') return execution;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const ends = (id: string) =>
  supabase.database.query<{ to_status: string; actor: string | null; reason: string | null }>(
    `select to_status, actor, reason from runledger.execution_transitions
      where execution_id = $1 and runledger_private.is_end(to_status)`,
    [id],
  );

describe('the worker', () => {
  test('records what the Temporal CLI terminated while it was down, with reason and actor', async () => {
    const { id, target } = await start();
    {
      await using before = spawnWorker(environment());
      await before.logged('monitor runs');
    }
    const terminate = ['workflow', 'terminate', '--workflow-id', target.temporalWorkflowId, '--reason', 'runaway'];
    await promisify(execFile)(temporal.cli ?? 'temporal', [...terminate, '--address', temporal.address]);
    expect(await service.getExecutionById(id)).toMatchObject({ status: 'running' });

    await using _ = spawnWorker(environment());
    expect(await settled(id)).toMatchObject({
      status: 'terminated',
      errorMessage: 'Terminated: runaway',
    });
    expect(await ends(id)).toEqual([
      { to_status: 'terminated', actor: expect.stringContaining('temporal-cli'), reason: 'runaway' },
    ]);
  });

  test('loses nothing when it is killed again and again, and records nothing twice', async () => {
    const started: Awaited<ReturnType<typeof start>>[] = [];
    for (let round = 0; round < 3; round += 1) {
      await using worker = spawnWorker(environment());
      await worker.logged('ready');
      for (let n = 0; n < 10; n += 1) {
        const execution = await start(n % 2 === 0 ? '1s' : null);
        started.push(execution);
        if (n % 2) await engine.terminate(execution.target, { actor: 'anna', reason: `round ${round}` });
      }
      await worker.kill('SIGKILL');
    }
    await using _ = spawnWorker(environment());
    for (const { id, target } of started) {
      const execution = await settled(id);
      const truth = await engine.resolve(target);
      expect(truth).toMatchObject({ kind: 'closed', outcome: { status: execution.status } });
      expect(await ends(id)).toHaveLength(1);
    }
  });

  test('stops gracefully on SIGTERM, and another worker goes on', async () => {
    await using first = spawnWorker(environment());
    await first.logged('monitor runs');
    await using second = spawnWorker(environment());
    await second.logged('ready');
    expect(second.messages).not.toContain('monitor runs');
    expect(await first.kill('SIGTERM')).toBe(0);
    expect(first.messages.slice(-2)).toEqual(['monitor stopped', 'stopped']);
    await second.logged('monitor runs');
    const { id, target } = await start();
    await engine.terminate(target, { actor: 'anna', reason: 'enough' });
    expect(await settled(id)).toMatchObject({ status: 'terminated' });
  });

  test('takes over from one that hangs, and when that wakes up again nothing is recorded twice', async () => {
    await using first = spawnWorker(environment());
    await first.logged('monitor runs');
    await using second = spawnWorker(environment());
    await second.logged('ready');
    process.kill(first.pid, 'SIGSTOP');
    const meanwhile = await start();
    await engine.terminate(meanwhile.target, { actor: 'anna', reason: 'enough' });
    await second.logged('monitor runs');
    expect(await settled(meanwhile.id)).toMatchObject({ status: 'terminated' });
    const after = await start();
    process.kill(first.pid, 'SIGCONT');
    await engine.terminate(after.target, { actor: 'anna', reason: 'enough' });
    await first.logged('monitor stopped');
    expect(await settled(after.id)).toMatchObject({ status: 'terminated' });
    for (const { id } of [meanwhile, after]) expect(await ends(id)).toHaveLength(1);
  });

  test('follows its own namespace, each with a monitor of its own', async () => {
    const [here, there] = await Promise.all([start(), start(null, 'other')]);
    await using ours = spawnWorker(environment());
    await using theirs = spawnWorker(environment({ TEMPORAL_NAMESPACE: 'other' }));
    await Promise.all([ours.logged('monitor runs'), theirs.logged('monitor runs')]);
    for (const { target } of [here, there]) await engine.terminate(target, { actor: 'anna', reason: 'enough' });
    for (const { id } of [here, there]) expect(await settled(id)).toMatchObject({ status: 'terminated' });
    await ours.kill('SIGKILL');
    const later = await start(null, 'other');
    await engine.terminate(later.target, { actor: 'anna', reason: 'enough' });
    expect(await settled(later.id)).toMatchObject({ status: 'terminated' });
  });

  test('leaves the monitor to others while the schema is older than its release, says so, and goes on afterwards', async () => {
    const other = await otherSchemaVersion(supabase.database, -1);
    await using worker = spawnWorker(environment());
    try {
      await expect.poll(() => worker.messages.join()).toContain(`is older, version ${other.version}: Runledger`);
      expect(worker.messages).not.toContain('ready');
    } finally {
      await other[Symbol.asyncDispose]();
    }
    await worker.logged('ready');
  });

  test('waits for a Temporal that is not there yet', async () => {
    const port = await freePort();
    await using worker = spawnWorker(environment({ TEMPORAL_ADDRESS: `127.0.0.1:${port}` }));
    await worker.logged('waiting for Temporal');
    await using _ = await startTemporal({ address: null, port });
    await worker.logged('ready');
  });

  test('says which variables are missing or wrong, and does not start', async () => {
    const worker = spawnWorker({ SUPABASE_URL: 'nowhere', RUNLEDGER_WATCH_CAP: 'many' });
    expect(await worker.exited).toBe(2);
    for (const name of ['SUPABASE_URL', 'SUPABASE_SERVICE_ROLE_KEY', 'RUNLEDGER_WATCH_CAP']) {
      expect(worker.stderr()).toContain(name);
    }
  });
});
