import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import type { LocalTemporal } from './temporal.ts';
import { startTemporal } from './temporal.ts';

const local = { address: null };

async function withClient<R>(temporal: LocalTemporal, use: (client: Client) => Promise<R>): Promise<R> {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    return await use(new Client({ connection, namespace: temporal.namespace }));
  } finally {
    await connection.close();
  }
}

const alive = (pid: number | undefined): boolean => {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
};

test('a started server has its namespaces, search attributes and settings, on the loopback interface only', async () => {
  await using temporal = await startTemporal({
    ...local,
    namespaces: ['orders', 'default'],
    searchAttributes: { Owner: 'Keyword' },
    dynamicConfig: { 'frontend.WorkflowPauseEnabled': true },
  });
  expect(temporal.namespace).toBe('orders');
  await withClient(temporal, async (client) => {
    const { workflowId } = await client.workflow.start('any', {
      workflowId: 'one',
      taskQueue: 'none',
      searchAttributes: { Owner: ['ada'] },
    });
    // Refused unless the setting has arrived.
    const namespace = temporal.namespace;
    await client.workflowService.pauseWorkflowExecution({
      namespace,
      workflowId,
      requestId: 'pause',
      identity: 'test',
    });
  });
  const listening = execFileSync('cat', ['/proc/net/tcp'], { encoding: 'utf8' });
  const port = Number(temporal.address.split(':')[1]).toString(16).toUpperCase().padStart(4, '0');
  expect(listening).toContain(`0100007F:${port}`);
  expect(listening).not.toContain(`00000000:${port}`);
});

test('with a file, workflows survive a kill', async () => {
  const dbFilename = join(temporaryFolder(), 'temporal.db');
  const first = await startTemporal({ ...local, dbFilename });
  await withClient(first, (client) => client.workflow.start('any', { workflowId: 'kept', taskQueue: 'none' }));
  await first.kill();
  expect(alive(first.pid)).toBe(false);

  const second = await startTemporal({ ...local, dbFilename });
  const { status } = await withClient(second, (client) => client.workflow.getHandle('kept').describe());
  expect(status.name).toBe('RUNNING');
  await second.stop();
  expect(alive(second.pid)).toBe(false);
});

test('a running server is joined, and neither stopped nor killed', async () => {
  await using owner = await startTemporal(local);
  const joined = await startTemporal({ address: owner.address });
  expect(joined).toMatchObject({ address: owner.address, namespace: 'default', pid: undefined });
  await joined.stop();
  await expect(joined.kill()).rejects.toThrow('joined');
  await withClient(owner, (client) => client.workflowService.getSystemInfo({}));
});

test('TEMPORAL_ADDRESS is joined', async () => {
  vi.stubEnv('TEMPORAL_ADDRESS', 'temporal.example:7233');
  try {
    expect(await startTemporal()).toMatchObject({ address: 'temporal.example:7233', cli: undefined });
  } finally {
    vi.unstubAllEnvs();
  }
});

test('a server that cannot start says why', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  await expect(startTemporal({ ...local, port })).rejects.toThrow(
    new RegExp(`ended while it was starting:[\\s\\S]*${port}`),
  );
  taken.close();
});
