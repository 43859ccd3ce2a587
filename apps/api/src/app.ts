import type { Startable } from '@runledger/contracts';
import { ExecutionError, REQUEST_BODY_BYTES } from '@runledger/contracts';
import { EXPORT_FORMATS } from '@runledger/host/export-text';
import type { AppRouter, Limits, Publishing } from '@runledger/router';
import { checkHealth, DEFAULT_LIMITS, toErrorBody } from '@runledger/router';
import type { MiddlewareHandler } from 'hono';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { cors } from 'hono/cors';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { createTrpc } from './answer-trpc.ts';
import { createBodyCheck } from './body-check.ts';
import type { ApiParts } from './context.ts';
import { createOriginCheck } from './cors-origins.ts';
import type { DashboardOptions } from './dashboard/page-config.ts';
import { serveDashboard } from './dashboard/serve-dashboard.ts';
import { createExport } from './export/export-route.ts';
import { createAdmission } from './limits/admission.ts';
import { largestBody, SMALL_BODY_BYTES } from './limits/body-sizes.ts';
import { discardUnread } from './limits/discard-unread.ts';
import { createRequestsInTurn } from './limits/requests-in-turn.ts';
import { createUncounted } from './limits/uncounted.ts';
import { createReport } from './machine/report-route.ts';
import { createMcp } from './mcp/mcp-route.ts';
import type { McpMode } from './mcp/tools.ts';
import { measured } from './measured.ts';
import type { OpenStreams } from './open-streams.ts';
import descriptions from './openapi/descriptions.json' with { type: 'json' };
import { openApiDocument } from './openapi/document.ts';
import { proceduresOf } from './openapi/procedures.ts';
import { serveJson } from './openapi/serve-json.ts';
import { createRequestCheck } from './request-check.ts';
import { createRequestLog } from './request-log.ts';
import type { CanSignIn } from './sign-in.ts';
import { createHttpTelemetry } from './telemetry/http-telemetry.ts';

/** Answers from this size on are compressed, where the client takes that; streams of events never are. */
const COMPRESSED_BYTES = 2_048;

const NOBODY_SIGNS_IN = 'No token of users can be verified; the log of this server says why.';

export interface ApiOptions extends ApiParts {
  /** Asked by `/readyz`. Default: nobody asks. */
  canSignIn?: CanSignIn;
  startable: readonly Startable[];
  limits?: Partial<Limits>;
  /** Default: operators publish, and publishers see counts only. */
  publishing?: Partial<Publishing>;
  corsOrigins?: readonly string[];
  /** What agents may do at `/mcp`. Default: there is no such address. */
  mcp?: McpMode;
  /** Default: there is no page. */
  dashboard?: DashboardOptions | null;
}

/** The HTTP surface: `/trpc`, `/report`, the page, `/export.csv` and `/export.ndjson`, `/healthz` (this process), `/readyz` (it, the database and Temporal). */
export function createApp(
  options: ApiOptions,
  { router, isDraining, streams }: { router: AppRouter; isDraining: () => boolean; streams: OpenStreams },
) {
  const { log, limits, corsOrigins, canSignIn, mcp = 'off' } = options;
  const { healthMs } = { ...DEFAULT_LIMITS, ...limits };
  const app = new Hono<{ Variables: { requestId: string } }>();

  if (options.telemetry) app.use(createHttpTelemetry(options.telemetry));
  app.use(requestId());
  app.use(createRequestLog(log));
  app.use(createRequestsInTurn(options));
  app.use(compress({ threshold: COMPRESSED_BYTES }));
  app.use(measured(COMPRESSED_BYTES));
  app.use(discardUnread);
  app.use(async (c, next) => {
    await next();
    // No cache keeps what one user was told, nor that they were refused.
    if (c.req.header('authorization') !== undefined || c.req.path.startsWith('/trpc'))
      c.header('cache-control', 'no-store');
  });
  app.use(secureHeaders({ crossOriginResourcePolicy: 'cross-origin' }));
  app.use(
    cors({
      origin: createOriginCheck(corsOrigins),
      allowMethods: ['GET', 'POST'],
      exposeHeaders: ['x-request-id', 'retry-after', 'content-disposition', 'runledger-ignored'],
      maxAge: 3_600,
    }),
  );
  app.use(async (c, next) => {
    // Clients would otherwise come back over the kept-alive sockets of a server that is going away.
    if (isDraining()) return c.text('This server is shutting down; try again.', 503, { connection: 'close' });
    await next();
    if (isDraining()) c.header('connection', 'close');
  });

  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const [health, signIn] = await Promise.all([checkHealth(options, healthMs), canSignIn?.()]);
    const status = signIn === false ? 'degraded' : health.status;
    const why = [...health.why, ...(signIn === false ? [NOBODY_SIGNS_IN] : [])];
    return c.json({ ...health, status, why, ...(canSignIn ? { signIn } : {}) }, status === 'ok' ? 200 : 503);
  });

  const admit = createAdmission(options, router);
  const count = createUncounted(options);
  const read = createBodyCheck();
  app.get(
    '/openapi.json',
    admit,
    count,
    serveJson(() => openApiDocument(proceduresOf(router), descriptions)),
  );
  for (const format of EXPORT_FORMATS)
    app.get(`/export.${format}`, admit, count, streams.middleware, createExport(options, router, format));

  const mostByMcp = mcp === 'write' ? REQUEST_BODY_BYTES : SMALL_BODY_BYTES;
  if (mcp !== 'off')
    app.all(
      '/mcp',
      admit,
      count,
      streams.middleware,
      limitBody(() => mostByMcp),
      createMcp(options, router, { mode: mcp, read }),
    );
  if (options.machines)
    app.post(
      '/report',
      admit,
      count,
      limitBody(() => REQUEST_BODY_BYTES),
      createReport(options.machines, { ...options, read }),
    );

  app.use(
    '/trpc/*',
    admit,
    count,
    streams.middleware,
    limitBody(largestBody),
    createRequestCheck(read),
    createTrpc(options, router),
  );

  if (options.dashboard) app.route('/', serveDashboard(options.dashboard));

  app.notFound((c) => c.text('There is nothing here. The API is at /trpc; see @runledger/client.', 404));
  app.onError((error, c) => {
    log.error({ err: error, requestId: c.get('requestId') }, 'a request failed');
    return c.json(
      toErrorBody(new ExecutionError('internal', 'A request failed.', { cause: error }), c.get('requestId')),
      500,
    );
  });
  return app;
}

/** Bounds a body before it is read, in bytes, by the address that it was sent to. */
function limitBody(most: (url: string) => number): MiddlewareHandler<{ Variables: { requestId: string } }> {
  return (c, next) => {
    const maxSize = most(c.req.url);
    const onError = () => c.json(toErrorBody(tooLarge(maxSize), c.get('requestId')), 413);
    return bodyLimit({ maxSize, onError })(c, next);
  };
}

function tooLarge(most: number): ExecutionError {
  const what = `The request is larger than ${most} bytes.`;
  return new ExecutionError('payload_too_large', `${what} Store large data elsewhere and pass a reference.`);
}
