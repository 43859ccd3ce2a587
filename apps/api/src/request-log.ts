import type { Log } from '@runledger/router';
import type { MiddlewareHandler } from 'hono';

/** Longest path that is logged, in characters: whoever asks for what does not exist chooses it. */
const LONGEST_PATH = 200;

/**
 * One line for each request at the level `debug`: id, method, path, status and milliseconds until the answer began. Neither the
 * query, which has inputs in it, nor headers, which have tokens.
 */
export function createRequestLog(log: Log): MiddlewareHandler<{ Variables: { requestId: string } }> {
  return async (c, next) => {
    const startedAt = performance.now();
    await next();
    const path = c.req.path.slice(0, LONGEST_PATH);
    const ms = Math.round(performance.now() - startedAt);
    log.debug?.({ requestId: c.get('requestId'), method: c.req.method, path, status: c.res.status, ms }, 'answered');
  };
}
