import type { MiddlewareHandler } from 'hono';

/** What is taken in for nothing, in bytes: twice what the largest request has. */
const MOST = 4_000_000;

/**
 * Takes in what nobody has looked at of a request that was refused, before it is answered, so that its connection is good for the
 * next one: what is still being sent when the answer has gone out breaks it off, under a call that has nothing to do with
 * this one. Where there is too much of it the answer says that the connection ends.
 */
export const discardUnread: MiddlewareHandler = async (c, next) => {
  await next();
  const { raw } = c.req;
  if (c.res.ok || raw.method !== 'POST' || raw.bodyUsed || !raw.body) return;
  if (raw.body.locked || !(await isTakenIn(raw.body))) c.header('connection', 'close');
};

/** Whether it came to its end within that. */
async function isTakenIn(body: ReadableStream<Uint8Array>): Promise<boolean> {
  const reader = body.getReader();
  try {
    for (let bytes = 0; bytes <= MOST; ) {
      const { done, value } = await reader.read();
      if (done) return true;
      bytes += value.byteLength;
    }
  } catch {
    // Whoever sends it has gone, or took too long.
  }
  return false;
}
