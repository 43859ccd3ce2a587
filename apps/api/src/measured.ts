import type { MiddlewareHandler } from 'hono';

/** Says how long a JSON answer is, so that only those are compressed for which it is worth the while. */
export const measured: MiddlewareHandler = async (c, next) => {
  await next();
  const { headers } = c.res;
  if (!headers.get('content-type')?.startsWith('application/json') || headers.has('content-length')) return;
  const body = await c.res.arrayBuffer();
  c.res = new Response(body, c.res);
  c.res.headers.set('content-length', String(body.byteLength));
};
