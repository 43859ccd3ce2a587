/** How a worker reaches Temporal: certificates, keys that change, several namespaces, payloads that are encrypted. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionService } from '@runledger/contracts';
import { connectEngine } from '@runledger/engine';
import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import type { GrpcGate, LocalSupabase, LocalTemporal, TestCertificates } from '@runledger/local-stack';
import {
  createTestCertificates,
  freePort,
  startGrpcGate,
  startTemporal,
  startTestSupabase,
} from '@runledger/local-stack';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spawnWorker } from './fixtures/worker-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'runledger-worker-'));
let supabase: LocalSupabase;
let temporal: LocalTemporal;
let connection: ReturnType<typeof connectEngine>;
let service: ExecutionService;
let certificates: TestCertificates;
let gate: GrpcGate;
let workflow: string;

beforeAll(async () => {
  [supabase, temporal, certificates] = await Promise.all([
    startTestSupabase(),
    startTemporal({ address: null, namespaces: ['default', 'shop', 'billing'] }),
    createTestCertificates(),
  ]);
  gate = await startGrpcGate({ target: temporal.address, certificates });
  connection = connectEngine({ address: temporal.address });
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
  await gate?.stop();
  await Promise.all([temporal?.stop(), supabase?.stop()]);
  rmSync(folder, { recursive: true });
});

const environment = (more: Record<string, string>) => ({
  SUPABASE_URL: supabase.url,
  SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
  ...more,
});

/** Writes a file whole, as a mounted secret is replaced. */
function put(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
  return path;
}

/** Starts a workflow that no worker takes up, and records it. */
async function start(namespace = 'default') {
  const client = new Client({ connection, namespace });
  const workflowId = `order-${randomUUID()}`;
  const handle = await client.workflow.start('waits', { workflowId, taskQueue: 'nobody', args: [] });
  const { id } = await service.createExecution({
    ...{ workflowId: workflow, userId: 'anna', temporalNamespace: namespace },
    ...{ temporalWorkflowId: workflowId, temporalRunId: handle.firstExecutionRunId },
  });
  return { id, handle };
}

async function settled(id: string) {
  for (;;) {
    const execution = await service.getExecutionById(id);
    if (execution?.outcomeAuthority === 'engine') return execution;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a server that demands a client certificate gets it, and a key that changes in its file is used from then on', async () => {
  const { ca, client } = certificates;
  const trust = { TEMPORAL_ADDRESS: gate.address, TEMPORAL_TLS_SERVER_NAME: 'temporal.test' };
  gate.admitOnly('Bearer first-key');
  const variables = environment({
    ...trust,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: put('ca.pem', ca),
    TEMPORAL_TLS_CLIENT_CERT_PATH: put('client.pem', client.cert),
    TEMPORAL_TLS_CLIENT_KEY_DATA: client.key,
    TEMPORAL_API_KEY_FILE: put('api-key', 'first-key\n'),
  });
  await using worker = spawnWorker(variables);
  await worker.logged('monitor runs');
  expect([...gate.clients]).toEqual(['runledger']);

  gate.admitOnly('Bearer first-key', 'Bearer second-key');
  put('api-key', 'second-key\n');
  await worker.logged('the API key has changed');
  gate.admitOnly('Bearer second-key');
  const { id, handle } = await start();
  await handle.terminate('enough');
  expect(await settled(id)).toMatchObject({ status: 'terminated' });
  expect([...gate.admitted]).toEqual(['Bearer second-key']);

  const before = gate.turnedAway();
  await using stranger = spawnWorker(environment({ ...trust, TEMPORAL_TLS_SERVER_CA_CERT_DATA: ca }));
  await stranger.logged('waiting for Temporal');
  expect(gate.turnedAway()).toBeGreaterThan(before);
  expect(stranger.messages).not.toContain('ready');
});

test('one worker follows several namespaces, and one that is away or does not exist does not hold up the others', async () => {
  const nowhere = await freePort();
  const config = put(
    'temporal.toml',
    ['shop', 'billing', 'away', 'missing']
      .map((name) => {
        const address = name === 'away' ? `127.0.0.1:${nowhere}` : temporal.address;
        return `[profile.${name}]\naddress = "${address}"\nnamespace = "${name}"\n`;
      })
      .join('\n'),
  );
  const [port, metricsPort] = [`${await freePort()}`, `${await freePort()}`];
  await using worker = spawnWorker(
    environment({
      ...{ TEMPORAL_CONFIG_FILE: config, TEMPORAL_PROFILE: 'away,missing,shop,billing', RUNLEDGER_HTTP_PORT: port },
      OTEL_EXPORTER_PROMETHEUS_PORT: metricsPort,
    }),
  );
  const readiness = async () =>
    (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as {
      namespaces: Record<string, { monitor: string }>;
    };
  await worker.logged('waiting for Temporal');
  await worker.logged('the monitor of this namespace failed; it is tried again');
  for (const namespace of ['shop', 'billing']) {
    const { id, handle } = await start(namespace);
    await handle.terminate('enough');
    expect(await settled(id)).toMatchObject({ status: 'terminated', temporalNamespace: namespace });
  }
  await expect.poll(readiness).toMatchObject({
    ...{ status: 'ready', temporal: 'ok', monitor: 'active' },
    namespaces: {
      away: { temporal: 'engine_unavailable', monitor: 'standby' },
      shop: { temporal: 'ok', monitor: 'active' },
      billing: { temporal: 'ok', monitor: 'active' },
    },
  });
  const metrics = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  for (const namespace of ['shop', 'billing'])
    await expect
      .poll(metrics)
      .toMatch(new RegExp(`^runledger_monitor_active\\{.*namespace="${namespace}".*\\} 1$`, 'm'));
  await using _ = await startTemporal({ address: null, port: nowhere, namespaces: ['away'] });
  while ((await readiness()).namespaces.away?.monitor !== 'active') await new Promise((r) => setTimeout(r, 100));
  expect(await worker.kill('SIGTERM')).toBe(0);
});
