import { isIP } from 'node:net';
import { planExport } from '@runledger/host/export-plan';
import type { TelemetryOptions } from '@temporalio/worker';
import type { TelemetryEnv } from './env.ts';

/**
 * Pure: where the metrics of Temporal's own worker go (its polls, slots and task latencies). They come out of its native
 * part, which exports them itself: on a port of their own for Prometheus, or to the collector that ours go to.
 */
export function temporalMetrics(env: TelemetryEnv): TelemetryOptions['metrics'] {
  if (env.OTEL_SDK_DISABLED) return undefined;
  const port = env.RUNLEDGER_TEMPORAL_METRICS_PORT;
  if (port) return { prometheus: { bindAddress: `${addressOf(env.OTEL_EXPORTER_PROMETHEUS_HOST)}:${port}` } };
  const url = collectorUrl(env);
  if (!url) return undefined;
  return { otel: { url, http: protocol(env) !== 'grpc', metricsExportInterval: env.OTEL_METRIC_EXPORT_INTERVAL } };
}

function protocol(env: TelemetryEnv): string {
  return env.OTEL_EXPORTER_OTLP_METRICS_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL;
}

function collectorUrl(env: TelemetryEnv): string | undefined {
  const exporters = env.OTEL_METRICS_EXPORTER;
  if (planExport(env).metrics !== 'by_environment' || (exporters && !exporters.includes('otlp'))) return undefined;
  if (env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT) return env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT;
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/$/, '');
  return base && protocol(env) !== 'grpc' ? `${base}/v1/metrics` : base;
}

/** The native part takes addresses only. */
function addressOf(host: string): string {
  if (host === 'localhost') return '127.0.0.1';
  return isIP(host) === 6 ? `[${host}]` : host;
}
