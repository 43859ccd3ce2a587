import { planExport } from '@runledger/host/export-plan';
import { expect, test } from 'vitest';
import { readEnv } from './env.ts';
import { temporalMetrics } from './temporal-metrics.ts';

const REQUIRED = { SUPABASE_URL: 'http://127.0.0.1:54321', SUPABASE_SERVICE_ROLE_KEY: 'secret' };
const plan = (variables: Record<string, string>) => planExport(readEnv({ ...REQUIRED, ...variables }));
const temporal = (variables: Record<string, string>) => temporalMetrics(readEnv({ ...REQUIRED, ...variables }));
const COLLECTOR = 'http://collector:4318';

test('nothing is exported unless a variable asks for it', () => {
  expect(plan({})).toEqual({ metrics: 'none', traces: 'none' });
  expect(plan({ OTEL_SERVICE_NAME: 'monitor', OTEL_EXPORTER_PROMETHEUS_HOST: '0.0.0.0' })).toEqual(plan({}));
  const all = { OTEL_EXPORTER_OTLP_ENDPOINT: COLLECTOR, OTEL_EXPORTER_PROMETHEUS_PORT: '9464' };
  expect(plan({ ...all, OTEL_SDK_DISABLED: 'true' })).toEqual(plan({}));
  expect(temporal({ ...all, OTEL_SDK_DISABLED: 'true', RUNLEDGER_TEMPORAL_METRICS_PORT: '9465' })).toBeUndefined();
});

test('a collector gets metrics and traces, unless one of them is switched off', () => {
  expect(plan({ OTEL_EXPORTER_OTLP_ENDPOINT: COLLECTOR })).toEqual({
    metrics: 'by_environment',
    traces: 'by_environment',
  });
  expect(plan({ OTEL_EXPORTER_OTLP_ENDPOINT: COLLECTOR, OTEL_TRACES_EXPORTER: 'none' }).traces).toBe('none');
  expect(plan({ OTEL_EXPORTER_OTLP_ENDPOINT: COLLECTOR, OTEL_METRICS_EXPORTER: 'none' }).metrics).toBe('none');
  expect(plan({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${COLLECTOR}/v1/traces` })).toEqual({
    metrics: 'none',
    traces: 'by_environment',
  });
});

test('a port alone is enough for Prometheus, and metrics then go nowhere else', () => {
  expect(plan({ OTEL_EXPORTER_PROMETHEUS_PORT: '9464' })).toEqual({ metrics: 'prometheus', traces: 'none' });
  expect(plan({ OTEL_METRICS_EXPORTER: 'prometheus' }).metrics).toBe('prometheus');
  const both = { OTEL_EXPORTER_OTLP_ENDPOINT: COLLECTOR, OTEL_EXPORTER_PROMETHEUS_PORT: '9464' };
  expect(plan(both)).toEqual({ metrics: 'prometheus', traces: 'by_environment' });
  expect(plan({ ...both, OTEL_METRICS_EXPORTER: 'otlp,prometheus' }).metrics).toBe('by_environment');
});

test("Temporal's own metrics go to a port of their own, or to the collector that gets the others", () => {
  expect(temporal({})).toBeUndefined();
  expect(temporal({ OTEL_EXPORTER_PROMETHEUS_PORT: '9464' })).toBeUndefined();
  const port = { RUNLEDGER_TEMPORAL_METRICS_PORT: '9465' };
  expect(temporal(port)).toEqual({ prometheus: { bindAddress: '127.0.0.1:9465' } });
  expect(temporal({ ...port, OTEL_EXPORTER_PROMETHEUS_HOST: '::1' })).toEqual({
    prometheus: { bindAddress: '[::1]:9465' },
  });
  expect(temporal({ OTEL_EXPORTER_OTLP_ENDPOINT: `${COLLECTOR}/` })).toMatchObject({
    otel: { url: `${COLLECTOR}/v1/metrics`, http: true },
  });
  expect(temporal({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toMatchObject(
    { otel: { url: 'http://c:4317', http: false } },
  );
});
