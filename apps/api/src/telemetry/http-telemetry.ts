import { context, propagation, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { MiddlewareHandler } from 'hono';
import type { ApiTelemetry } from './api-telemetry.ts';

/** What is told apart of addresses: whoever asks for what does not exist chooses it. */
const ROUTES = /^\/(trpc|report|export\.csv|export\.ndjson|mcp|openapi\.json|healthz|readyz)(?=\/|$)/;
const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS'];

/** Times each request until its answer begins, in a span that goes on from the caller's, where it sends one. */
export function createHttpTelemetry({ tracer, requests }: ApiTelemetry): MiddlewareHandler {
  return async (c, next) => {
    const [route = 'other'] = ROUTES.exec(c.req.path) ?? [];
    const method = METHODS.includes(c.req.method) ? c.req.method : '_OTHER';
    const attributes = { 'http.request.method': method, 'http.route': route };
    const parent = propagation.extract(context.active(), Object.fromEntries(c.req.raw.headers));
    await tracer.startActiveSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent, async (span) => {
      const began = performance.now();
      try {
        await next();
      } finally {
        const { status } = c.res;
        span.setAttribute('http.response.status_code', status);
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        const all = { ...attributes, 'http.response.status_code': status };
        requests.record((performance.now() - began) / 1_000, all);
        span.end();
      }
    });
  };
}
