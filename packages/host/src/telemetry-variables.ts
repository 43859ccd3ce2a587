import { z } from 'zod';
import { Port } from './environment.ts';

/** A comma-separated list, as OpenTelemetry writes it. */
const listOf = <T extends string>(allowed: readonly T[]) =>
  z.string().transform((text, context): T[] => {
    const entries = text.split(',').map((entry) => entry.trim());
    const isAllowed = (entry: string): entry is T => (allowed as readonly string[]).includes(entry);
    for (const entry of entries) if (!isAllowed(entry)) context.addIssue(`"${entry}" is none of ${allowed.join(', ')}`);
    return entries.filter(isAllowed);
  });

/** Standard variables of OpenTelemetry. Where none of them is set, nothing is exported. */
export const telemetryVariables = {
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
  OTEL_EXPORTER_PROMETHEUS_PORT: Port.optional(),
  OTEL_EXPORTER_PROMETHEUS_HOST: z.string().min(1).default('127.0.0.1'),
  OTEL_SERVICE_NAME: z.string().min(1).optional(),
  OTEL_RESOURCE_ATTRIBUTES: z.string().optional(),
};

const Telemetry = z.object(telemetryVariables);
/** What they say of what is exported, and where to. */
export type TelemetryEnv = z.infer<typeof Telemetry>;
