import type { Logger } from 'pino';
import { planExport } from './export-plan.ts';
import type { TelemetryEnv } from './telemetry-variables.ts';

/** How long a stop waits for the last figures to be taken, in milliseconds. */
const FLUSH_MS = 3_000;

export interface TelemetrySdk {
  /** Sends what is left and closes the port. Never throws. */
  stop(): Promise<void>;
}

/**
 * Starts OpenTelemetry as its standard variables say; loads nothing when they say nothing.
 * @param name Of the service, where no variable names it.
 * @throws Error that names the port and its variable when Prometheus's is taken
 */
export async function startTelemetrySdk(env: TelemetryEnv, logger: Logger, name: string): Promise<TelemetrySdk> {
  const plan = planExport(env);
  if (plan.metrics === 'none' && plan.traces === 'none') return { stop: async () => undefined };
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const sdk = new NodeSDK({
    serviceName: serviceName(env, name),
    metricReaders:
      plan.metrics === 'by_environment' ? undefined : plan.metrics === 'prometheus' ? [await servePrometheus(env)] : [],
    spanProcessors: plan.traces === 'by_environment' ? undefined : [],
    // The log goes to standard output.
    logRecordProcessors: [],
  });
  sdk.start();
  await logDiagnostics(logger);
  logger.info(plan, 'telemetry is exported');
  return {
    async stop() {
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, FLUSH_MS);
      });
      const stopped = sdk
        .shutdown()
        .catch((error: unknown) => logger.warn({ err: error }, 'the last telemetry was not taken'));
      await Promise.race([stopped, patience]);
      clearTimeout(timer);
    },
  };
}

/** The variables go first; the SDK merges what it is told here over them. */
function serviceName(env: TelemetryEnv, name: string): string | undefined {
  if (env.OTEL_SERVICE_NAME) return env.OTEL_SERVICE_NAME;
  return env.OTEL_RESOURCE_ATTRIBUTES?.includes('service.name=') ? undefined : name;
}

async function servePrometheus(env: TelemetryEnv) {
  const { PrometheusExporter } = await import('@opentelemetry/exporter-prometheus');
  const host = env.OTEL_EXPORTER_PROMETHEUS_HOST;
  const port = env.OTEL_EXPORTER_PROMETHEUS_PORT ?? PrometheusExporter.DEFAULT_OPTIONS.port;
  const exporter = new PrometheusExporter({ host, port, preventServerStart: true });
  try {
    await exporter.startServer();
  } catch (cause) {
    const why = (cause as Error).message;
    throw new Error(
      `Port ${port} on ${host} cannot be opened (${why}); set OTEL_EXPORTER_PROMETHEUS_PORT to another.`,
      {
        cause,
      },
    );
  }
  return exporter;
}

/** What OpenTelemetry complains about (a collector that is away) belongs into the log, not lost. */
async function logDiagnostics(logger: Logger): Promise<void> {
  const { DiagLogLevel, diag } = await import('@opentelemetry/api');
  const child = logger.child({ part: 'opentelemetry' });
  const as =
    (level: 'error' | 'warn' | 'info' | 'debug') =>
    (message: string, ...rest: unknown[]) =>
      child[level]({ details: rest.map(String) }, message);
  diag.setLogger(
    { error: as('error'), warn: as('warn'), info: as('info'), debug: as('debug'), verbose: as('debug') },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
