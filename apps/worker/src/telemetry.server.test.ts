import type { LocalSupabase, LocalTemporal } from '@runledger/local-stack';
import { freePort, startTemporal, startTestSupabase } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCollector } from './fixtures/collector.ts';
import { spawnWorker } from './fixtures/worker-process.ts';

let supabase: LocalSupabase;
let temporal: LocalTemporal;

beforeAll(async () => {
  [supabase, temporal] = await Promise.all([startTestSupabase(), startTemporal({ address: null })]);
});
afterAll(async () => {
  await Promise.all([temporal?.stop(), supabase?.stop()]);
});

const environment = (more: Record<string, string | number>) => ({
  SUPABASE_URL: supabase.url,
  SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
  TEMPORAL_ADDRESS: temporal.address,
  ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name, String(value)])),
});

async function get(port: number, path: string) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, text: await response.text() };
}

const readiness = async (port: number) => {
  const { status, text } = await get(port, '/readyz');
  return { code: status, ...JSON.parse(text) };
};

describe('an orchestrator', () => {
  test('sees which worker holds the monitor, and that the one that stands by is ready', async () => {
    const [first, second] = [await freePort(), await freePort()];
    await using holder = spawnWorker(environment({ RUNLEDGER_HTTP_PORT: first }));
    await holder.logged('monitor runs');
    await using standby = spawnWorker(environment({ RUNLEDGER_HTTP_PORT: second }));
    await standby.logged('ready');
    const ready = { code: 200, status: 'ready', temporal: 'ok', ledger: 'ok' };
    expect(await readiness(first)).toEqual({ ...ready, monitor: 'active' });
    expect(await readiness(second)).toEqual({ ...ready, monitor: 'standby' });
    expect(await holder.kill('SIGTERM')).toBe(0);
    await standby.logged('monitor runs');
    expect(await readiness(second)).toEqual({ ...ready, monitor: 'active' });
  });

  test('sees a worker alive but not ready while Temporal is away', async () => {
    const [http, nobody] = [await freePort(), await freePort()];
    await using worker = spawnWorker(
      environment({ RUNLEDGER_HTTP_PORT: http, TEMPORAL_ADDRESS: `127.0.0.1:${nobody}` }),
    );
    await worker.logged('waiting for Temporal');
    expect((await get(http, '/healthz')).status).toBe(200);
    const answer = await readiness(http);
    expect(answer).toMatchObject({ code: 503, status: 'not_ready', ledger: 'ok', monitor: 'standby' });
    expect(['engine_unavailable', 'no_answer']).toContain(answer.temporal);
  });

  test('is told which variable to change when a port is taken', async () => {
    const taken = Number(new URL(supabase.url).port);
    for (const name of ['RUNLEDGER_HTTP_PORT', 'OTEL_EXPORTER_PROMETHEUS_PORT', 'RUNLEDGER_TEMPORAL_METRICS_PORT']) {
      await using worker = spawnWorker(environment({ [name]: taken }));
      expect(await worker.exited).toBe(1);
      expect(worker.fatal()).toContain(name);
    }
  });
});

describe('telemetry', () => {
  test('Prometheus finds our figures on one port and those of Temporal on another', async () => {
    const [ours, theirs] = [await freePort(), await freePort()];
    await using worker = spawnWorker(
      environment({ OTEL_EXPORTER_PROMETHEUS_PORT: ours, RUNLEDGER_TEMPORAL_METRICS_PORT: theirs }),
    );
    await worker.logged('monitor runs');
    await expect.poll(async () => (await get(ours, '/metrics')).text).toMatch(/^runledger_monitor_active\{.*\} 1$/m);
    expect((await get(ours, '/metrics')).text).toContain('service_name="runledger-worker"');
    expect((await get(theirs, '/metrics')).text).toContain('temporal_worker_task_slots_used');
  });

  test('a collector gets metrics and traces of ours, and the metrics of Temporal', async () => {
    await using collector = await startCollector();
    const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: 'shop-monitor' };
    await using worker = spawnWorker(environment({ ...variables, OTEL_METRIC_EXPORT_INTERVAL: 300 }));
    await worker.logged('monitor runs');
    await expect.poll(() => collector.bodies('/v1/metrics')).toContain('temporal_');
    expect(await worker.kill('SIGTERM')).toBe(0);
    expect([...collector.paths].sort()).toEqual(['/v1/metrics', '/v1/traces']);
    expect(collector.bodies('/v1/metrics')).toContain('runledger.ledger.call.duration');
    expect(collector.bodies('/v1/metrics')).toContain('shop-monitor');
  });
});
