import type { Histogram, Tracer } from '@opentelemetry/api';
import { SpanStatusCode } from '@opentelemetry/api';
import type { LimitName } from '@runledger/contracts';
import type { AroundCall } from '@runledger/router';
import { toExecutionError } from '@runledger/router';

interface AroundOptions {
  tracer: Tracer;
  /** In seconds. */
  duration: Histogram;
  refuse(limit: LimitName): void;
}

/** Times each call of a procedure, in a span; of an error only its code is kept. A subscription's call is its beginning. */
export function aroundCalls({ tracer, duration, refuse }: AroundOptions): AroundCall {
  return ({ path, type }, call) =>
    tracer.startActiveSpan(`runledger ${path}`, { attributes: { procedure: path, type } }, async (span) => {
      const began = performance.now();
      let code = 'ok';
      try {
        return await call();
      } catch (thrown) {
        const error = toExecutionError(thrown);
        code = error.code;
        if (error.limit) refuse(error.limit.name);
        span.setAttribute('error.type', code);
        // What the caller got wrong is not a fault of the server's.
        if (code === 'internal' || code.endsWith('_unavailable')) span.setStatus({ code: SpanStatusCode.ERROR });
        throw thrown;
      } finally {
        duration.record((performance.now() - began) / 1_000, { procedure: path, type, code });
        span.end();
      }
    });
}
