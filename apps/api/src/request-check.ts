import { breathe, ERRORS, isExecutionError } from '@runledger/contracts';
import type { AppRouter } from '@runledger/router';
import { refuseCrowded, refuseRoundedNumbers, toErrorBody } from '@runledger/router';
import type { MiddlewareHandler } from 'hono';
import { calledProcedures } from './called-procedures.ts';
import type { ApiParts } from './context.ts';
import { retryAfter } from './limits/retry-after.ts';
import { createUncounted, unknownCalls } from './limits/uncounted.ts';
import { createTurns, LARGE_BODY_BYTES } from './turns.ts';
import type { RawRequest } from './well-formed.ts';
import { requireWellFormed } from './well-formed.ts';

/**
 * Looks at requests to `/trpc` before tRPC parses them: what no client of ours sends is refused, and counts for its user as what is
 * answered does. Large bodies take turns.
 */
export function createRequestCheck(
  parts: ApiParts,
  router: AppRouter,
): MiddlewareHandler<{ Variables: { requestId: string } }> {
  const turn = createTurns();
  const count = createUncounted(parts);

  /** @returns the input, parsed */
  async function check(request: RawRequest): Promise<unknown> {
    const size = request.body?.length ?? 0;
    const takeTurn = async () => {
      if (size > LARGE_BODY_BYTES) await turn();
      await breathe(size);
    };
    await takeTurn();
    refuseCrowded(request.body ?? '');
    await takeTurn();
    const input = requireWellFormed(request);
    await takeTurn();
    refuseRoundedNumbers(request);
    await takeTurn();
    return input;
  }

  return async (c, next) => {
    const { method, url } = c.req;
    const body = method === 'POST' ? await c.req.text() : null;
    const calls = calledProcedures(url) ?? [c.req.path];
    let uncounted: readonly string[] = calls;
    try {
      try {
        const input = await check({ method, url, contentType: c.req.header('content-type'), body });
        // tRPC would parse it once more: Hono keeps the text of a body, not what it says.
        if (body) c.req.json = async () => input as never;
        uncounted = unknownCalls(router, calls);
      } finally {
        if (uncounted.length > 0) await count(c.req.header('authorization'), uncounted);
      }
    } catch (error) {
      if (!isExecutionError(error)) throw error;
      return c.json(toErrorBody(error, c.get('requestId')), ERRORS[error.code].http, retryAfter([error]));
    }
    await next();
  };
}
