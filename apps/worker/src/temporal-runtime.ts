import { Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { TelemetryEnv } from './env.ts';
import { temporalLogger } from './temporal-logger.ts';
import { temporalMetrics } from './temporal-metrics.ts';

/**
 * Installs Temporal's native runtime, with its log and metrics where ours go.
 * @throws Error that names the variable when the port of its metrics is taken
 */
export function installTemporalRuntime(env: TelemetryEnv, logger: Logger): void {
  const metrics = temporalMetrics(env);
  try {
    // The signals are ours to handle: it would stop the worker before the monitor has drained.
    Runtime.install({
      logger: temporalLogger(logger),
      // Its core would write lines of its own form between ours.
      telemetryOptions: { metrics, logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
      shutdownSignals: [],
    });
  } catch (cause) {
    if (!metrics || !('prometheus' in metrics)) throw cause;
    const why = (cause as Error).message;
    throw new Error(
      `${metrics.prometheus.bindAddress} cannot be opened (${why}); set RUNLEDGER_TEMPORAL_METRICS_PORT to another.`,
      { cause },
    );
  }
}
