import type { TelemetryEnv } from './telemetry-variables.ts';

/** What of the figures and spans leaves this process, and how. */
export interface ExportPlan {
  /** `by_environment`: as the SDK reads OTEL_METRICS_EXPORTER itself. */
  metrics: 'none' | 'prometheus' | 'by_environment';
  traces: 'none' | 'by_environment';
}

/**
 * Pure: nothing is exported unless a variable asks for it. The SDK's own default is OTLP to this machine, which would
 * retry every minute against a closed port.
 */
export function planExport(env: TelemetryEnv): ExportPlan {
  if (env.OTEL_SDK_DISABLED) return { metrics: 'none', traces: 'none' };
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  return {
    metrics: planMetrics(env),
    traces: isAsked(env.OTEL_TRACES_EXPORTER, endpoint ?? env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)
      ? 'by_environment'
      : 'none',
  };
}

function planMetrics(env: TelemetryEnv): ExportPlan['metrics'] {
  const exporters = env.OTEL_METRICS_EXPORTER;
  if (exporters?.length === 1 && exporters[0] === 'prometheus') return 'prometheus';
  if (!exporters && env.OTEL_EXPORTER_PROMETHEUS_PORT) return 'prometheus';
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT;
  return isAsked(exporters, endpoint) ? 'by_environment' : 'none';
}

function isAsked(exporters: string[] | undefined, endpoint: string | undefined): boolean {
  return exporters ? !exporters.includes('none') : endpoint !== undefined;
}
