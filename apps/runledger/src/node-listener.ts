import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';

/** What Express and its like add once they have read a body. */
interface Parsed {
  body?: unknown;
  rawBody?: Buffer;
}

/**
 * A fetch handler as Node's servers take it: `app.use('/api/runledger', nodeListener(runledger.fetch))` with Express. It may come after
 * `express.json()` and other parsers: a body that they have read is written anew.
 */
export function nodeListener(
  handler: (request: Request) => Promise<Response>,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const listen = getRequestListener(handler);
  return async (request, response) => {
    const parsed: Parsed = request as Parsed;
    if (request.readableDidRead && parsed.body !== undefined) parsed.rawBody ??= bytesOf(parsed.body);
    await listen(request, response);
  };
}

function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
