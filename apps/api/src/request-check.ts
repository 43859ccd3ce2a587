import { ERRORS, isExecutionError } from '@runledger/contracts';
import { toErrorBody } from '@runledger/router';
import type { MiddlewareHandler } from 'hono';
import type { ReadBody } from './body-check.ts';
import { retryAfter } from './limits/retry-after.ts';
import { requireWellFormed } from './well-formed.ts';

/** Looks at requests to `/trpc` before tRPC parses them: what no client of ours sends is refused. */
export function createRequestCheck(read: ReadBody): MiddlewareHandler<{ Variables: { requestId: string } }> {
  return async (c, next) => {
    const { method, url } = c.req;
    const body = method === 'POST' ? await c.req.text() : null;
    const request = { method, url, contentType: c.req.header('content-type'), body };
    try {
      const input = await read(request, () => requireWellFormed(request));
      // tRPC would parse it once more: Hono keeps the text of a body, not what it says.
      if (body) c.req.json = async () => input as never;
    } catch (error) {
      if (!isExecutionError(error)) throw error;
      return c.json(toErrorBody(error, c.get('requestId')), ERRORS[error.code].http, retryAfter([error]));
    }
    await next();
  };
}
