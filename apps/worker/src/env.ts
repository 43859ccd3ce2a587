import { z } from 'zod';
import { AdoptionRules } from './adoption-rules.ts';

const milliseconds = z.coerce.number().int().min(1_000).max(86_400_000);
const port = z.coerce.number().int().min(1).max(65_535);

/** A comma-separated list, as OpenTelemetry writes it. */
const listOf = <T extends string>(allowed: readonly [T, ...T[]]) =>
  z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .pipe(z.array(z.enum(allowed)));

/** Standard variables of OpenTelemetry. Where none of them is set, nothing is exported. */
const Telemetry = z.object({
  OTEL_SDK_DISABLED: z.stringbool().default(false),
  OTEL_METRICS_EXPORTER: listOf(['otlp', 'prometheus', 'console', 'none']).optional(),
  OTEL_TRACES_EXPORTER: listOf(['otlp', 'console', 'none']).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: z.url().optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url().optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z.enum(['http/protobuf', 'http/json', 'grpc']).default('http/protobuf'),
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: z.enum(['http/protobuf', 'http/json', 'grpc']).optional(),
  /** In milliseconds. */
  OTEL_METRIC_EXPORT_INTERVAL: z.coerce.number().int().min(100).default(60_000),
  /** Prometheus is served there; 9464 where only OTEL_METRICS_EXPORTER asks for it. */
  OTEL_EXPORTER_PROMETHEUS_PORT: port.optional(),
  OTEL_EXPORTER_PROMETHEUS_HOST: z.string().min(1).default('127.0.0.1'),
  OTEL_SERVICE_NAME: z.string().min(1).optional(),
  OTEL_RESOURCE_ATTRIBUTES: z.string().optional(),
});

/** Everything the worker can be told; the only place that reads the process's environment. */
const Env = Telemetry.extend({
  /** The database's API: `https://…supabase.co`, or the local stack's address. */
  SUPABASE_URL: z.url(),
  SUPABASE_SERVICE_ROLE_KEY: z.string().min(1),
  /** `host:port`. */
  TEMPORAL_ADDRESS: z.string().min(1).default('localhost:7233'),
  /** The namespace whose executions are followed; the monitor itself runs there too. */
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  /** `true` for TLS with the system's roots. An API key switches it on. */
  TEMPORAL_TLS: z.stringbool().optional(),
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
  RUNLEDGER_HTTP_PORT: port.optional(),
  RUNLEDGER_HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  /** Metrics of Temporal's own worker for Prometheus, on the host of OTEL_EXPORTER_PROMETHEUS_HOST; by default not served. */
  RUNLEDGER_TEMPORAL_METRICS_PORT: port.optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
});
export type Env = z.infer<typeof Env>;

/** The part that says what is exported, and where to. */
export type TelemetryEnv = z.infer<typeof Telemetry> & Pick<Env, 'RUNLEDGER_TEMPORAL_METRICS_PORT'>;

/** @throws Error naming every variable that is missing or wrong, and why */
export function readEnv(variables: Record<string, string | undefined> = process.env): Env {
  // An empty variable is what a compose file makes of an unset one.
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = Env.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: [variable, ...within], message }) => {
    const where = within.map((part) => (typeof part === 'number' ? `rule ${part + 1}` : part)).join(', ');
    return `  ${[String(variable), where].filter(Boolean).join(', ')}: ${message}`;
  });
  throw new Error(`The worker's environment is not complete:\n${problems.join('\n')}`);
}
