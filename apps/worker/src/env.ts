import { AdoptionRules } from '@runledger/host/adoption-rules';
import { LogLevel, Port, readVariables, supabaseVariables, temporalVariables } from '@runledger/host/environment';
import type { TelemetryEnv as HostTelemetryEnv } from '@runledger/host/telemetry-variables';
import { telemetryVariables } from '@runledger/host/telemetry-variables';
import { z } from 'zod';

const milliseconds = z.coerce.number().int().min(1_000).max(86_400_000);

/** Everything the worker can be told; the only place that reads the process's environment. */
export const Env = z.object({
  ...telemetryVariables,
  ...supabaseVariables,
  /** The monitor itself runs in TEMPORAL_NAMESPACE too. */
  ...temporalVariables,
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
export type Env = z.infer<typeof Env>;

/** The part that says what is exported, and where to. */
export type TelemetryEnv = HostTelemetryEnv & Pick<Env, 'RUNLEDGER_TEMPORAL_METRICS_PORT'>;

/** @throws Error naming every variable that is missing or wrong, and why */
export function readEnv(variables: Record<string, string | undefined> = process.env): Env {
  return readVariables(Env, variables, { refusal: "The worker's environment is not complete:", separator: ', ' });
}
