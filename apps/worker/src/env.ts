import { AdoptionRules, rulesElsewhere } from '@runledger/host/adoption-rules';
import {
  codecVariables,
  LogLevel,
  Port,
  readVariablesAndTemporal,
  supabaseVariables,
} from '@runledger/host/environment';
import type { TelemetryEnv as HostTelemetryEnv } from '@runledger/host/telemetry-variables';
import { telemetryVariables } from '@runledger/host/telemetry-variables';
import type { TemporalNamespaces } from '@runledger/host/temporal/temporal-namespace';
import { z } from 'zod';

const milliseconds = z.coerce.number().int().min(1_000).max(86_400_000);

/** Everything the worker can be told; the only place that reads the process's environment. */
export const Env = z.object({
  ...telemetryVariables,
  ...supabaseVariables,
  ...codecVariables,
  /** Every unsettled execution is looked at once in this time. */
  RUNLEDGER_RECONCILE_PERIOD_MS: milliseconds.default(300_000),
  /** Most executions described in a second for it: the share of Temporal's limit that comparing may take. */
  RUNLEDGER_RECONCILE_RATE: z.coerce.number().int().min(1).max(10_000).default(250),
  /** Most executions watched by a long poll at once; Temporal itself refuses more than `frontend.namespaceCount`, 1,200. */
  RUNLEDGER_WATCH_CAP: z.coerce.number().int().min(1).max(1_100).default(800),
  /** Which runs that nobody announced become executions: `[{"workflowType":"order","user":{"memo":"userId"}}]`. */
  RUNLEDGER_ADOPTION: AdoptionRules.default([]),
  RUNLEDGER_TASK_QUEUE: z.string().min(1).default('runledger-monitor'),
  /** `/healthz` and `/readyz` are served there; nowhere by default. */
  RUNLEDGER_HTTP_PORT: Port.optional(),
  RUNLEDGER_HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  /** Metrics of Temporal's own worker for Prometheus, on the host of OTEL_EXPORTER_PROMETHEUS_HOST; by default not served. */
  RUNLEDGER_TEMPORAL_METRICS_PORT: Port.optional(),
  LOG_LEVEL: LogLevel.default('info'),
});
export type Env = z.infer<typeof Env> & {
  /** The namespaces that are followed; the monitor of each runs in it too. */
  temporal: TemporalNamespaces;
};

/** The part that says what is exported, and where to. */
export type TelemetryEnv = HostTelemetryEnv & Pick<Env, 'RUNLEDGER_TEMPORAL_METRICS_PORT'>;

/** @throws Error naming every variable that is missing, wrong, or set and not used, and why */
export function readEnv(variables: Record<string, string | undefined> = process.env): Env {
  const refusal = "The worker's environment is not complete:";
  const env = readVariablesAndTemporal(Env, variables, { refusal, separator: ', ' });
  const elsewhere = rulesElsewhere(
    env.RUNLEDGER_ADOPTION,
    env.temporal.map(({ namespace }) => namespace),
  );
  if (elsewhere.length > 0) throw new Error([refusal, ...elsewhere].join('\n  RUNLEDGER_ADOPTION, '));
  return env;
}
