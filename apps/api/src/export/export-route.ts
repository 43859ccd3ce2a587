import type { ExecutionError } from '@runledger/contracts';
import { ERRORS } from '@runledger/contracts';
import type { ExportFormat, ExportRow } from '@runledger/host/export-text';
import { exportText } from '@runledger/host/export-text';
import type { AppRouter } from '@runledger/router';
import { toErrorBody, toExecutionError } from '@runledger/router';
import type { Context } from 'hono';
import type { ApiParts } from '../context.ts';
import { createContext } from '../context.ts';
import { retryAfter } from '../limits/retry-after.ts';
import type { Counted } from '../limits/uncounted.ts';
import type { ExportPage } from './export-pages.ts';
import { exportPages, requireOwnPayloads } from './export-pages.ts';
import { readExportRequest } from './export-request.ts';

const CONTENT_TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
} as const satisfies Record<ExportFormat, string>;

type Request = Context<{ Variables: { requestId: string; gone: AbortSignal } & Counted }>;

/**
 * Answers `GET /export.csv` and `/export.ndjson`: the list of a filter, whole. A page is read when the one before has been taken, so
 * memory stays the same however long the list, and nothing is read any more for a reader who has gone. It takes one of the
 * places that a user has for open streams. What fails after the first page breaks the connection off: a file that is not
 * whole never looks like one that is.
 */
export function createExport(parts: ApiParts, router: AppRouter, format: ExportFormat) {
  return async (c: Request): Promise<Response> => {
    const requestId = c.get('requestId');
    const gone = c.get('gone');
    const authorization = c.req.header('authorization');
    // It would take its body's place for nothing.
    if (c.req.raw.method === 'HEAD') return c.body(null, 405, { allow: 'GET' });
    let close: (() => void) | undefined;
    try {
      const request = readExportRequest(new URL(c.req.url).searchParams);
      requireOwnPayloads(request);
      const openContext = () => createContext(parts, { authorization, requestId, limits: c.get('limits') });
      const { caller } = await openContext();
      if (caller) close = parts.userLimits?.openStream(caller.userId);
      if (close) gone.addEventListener('abort', close, { once: true });
      const pages = exportPages({ router, openContext, signal: gone }, request);
      const first = await pages.next();
      const rows = rowsOf(first.value ?? { rows: [], ignored: [] }, pages);
      const body = streamOf(exportText(rows, { format, hasPayloads: request.payloads }), (error) => {
        close?.();
        if (error !== undefined && !gone.aborted)
          parts.log.error({ err: toExecutionError(error), path: `export.${format}`, requestId }, 'an export broke off');
      });
      const ignored = first.value?.ignored ?? [];
      return new Response(body, {
        headers: {
          'content-type': CONTENT_TYPES[format],
          'content-disposition': `attachment; filename="executions.${format}"`,
          'cache-control': 'no-store',
          ...(ignored.length ? { 'runledger-ignored': ignored.map(encodeURIComponent).join(',') } : {}),
        },
      });
    } catch (thrown) {
      close?.();
      return refusal(c, toExecutionError(thrown));
    }
  };
}

async function* rowsOf(first: ExportPage, rest: AsyncGenerator<ExportPage, void>): AsyncGenerator<ExportRow[]> {
  try {
    yield first.rows;
    for await (const { rows } of rest) yield rows;
  } finally {
    await rest.return();
  }
}

/** Text as a stream that asks for more only when what it has is taken. `done` is called once, with what went wrong. */
function streamOf(text: AsyncGenerator<string>, done: (error?: unknown) => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { value, done: isEnd } = await text.next();
          if (!isEnd) return controller.enqueue(encoder.encode(value));
          done();
          controller.close();
        } catch (error) {
          done(error);
          // Who serves it writes it where no log has it: what happened is in the log.
          controller.error(new Error('The export broke off; the log says why.'));
        }
      },
      async cancel() {
        done();
        await text.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

function refusal(c: Request, error: ExecutionError): Response {
  return c.json(toErrorBody(error, c.get('requestId')), ERRORS[error.code].http, retryAfter([error]));
}
