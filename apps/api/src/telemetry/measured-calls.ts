import type { Attributes, Histogram, Tracer } from '@opentelemetry/api';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { isExecutionError } from '@runledger/contracts';

interface MeasuredOptions {
  tracer: Tracer;
  part: string;
  /** In seconds. */
  duration: Histogram;
}

/** The same object, with each call timed and in a span. A message may name a person's workflow; the code does not. */
export function measuredCalls<T extends object>(target: T, { tracer, part, duration }: MeasuredOptions): T {
  const timed =
    (operation: string, method: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) =>
      tracer.startActiveSpan(`${part} ${operation}`, { kind: SpanKind.CLIENT }, async (span) => {
        const began = performance.now();
        const attributes: Attributes = { operation };
        try {
          return await method.apply(target, args);
        } catch (error) {
          attributes['error.type'] = isExecutionError(error) ? error.code : 'unknown';
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          duration.record((performance.now() - began) / 1_000, attributes);
          span.setAttributes(attributes).end();
        }
      });
  const entries = Object.entries(target).map(([name, value]) => [
    name,
    typeof value === 'function' ? timed(name, value) : value,
  ]);
  return Object.fromEntries(entries) as T;
}
