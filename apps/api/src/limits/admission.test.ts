import { setImmediate as turn } from 'node:timers/promises';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { ApiParts } from '../context.ts';
import { createAdmission } from './admission.ts';
import { rateLimited } from './rate-limited.ts';

const REACHED = { name: 'requests', limit: 600, windowMs: 60_000, retryAfterMs: 30_000 } as const;

/** An API whose caller has been told already that they have called as often as they may. */
function refusingApi() {
  const refused: string[] = [];
  const parts = {
    identify: Object.assign(async () => ({}), { believed: () => ({ userId: 'anna' }) }),
    userLimits: { refusal: () => rateLimited(REACHED) },
    telemetry: { refused: (name: string) => void refused.push(name) },
  } as unknown as ApiParts;
  const app = new Hono<{ Variables: { requestId: string } }>();
  app.use(createAdmission(parts, { _def: { procedures: {} } } as never));
  return { app, refused };
}

/** What has been answered by the time that whatever needs no waiting is done. */
async function atOnce(answer: Promise<Response>): Promise<number | null> {
  let status: number | null = null;
  void answer.then((one) => {
    status = one.status;
  });
  for (let n = 0; n < 20; n += 1) await turn();
  return status;
}

test('whoever comes again before they may is told so after a while, so that asking again at once gains nothing', async () => {
  const { app, refused } = refusingApi();
  const answer = Promise.resolve(app.request('/trpc/execution.getStats'));
  expect(await atOnce(answer)).toBeNull();
  expect(refused).toEqual(['requests']);
  expect((await answer).status).toBe(429);
  expect((await answer).headers.get('retry-after')).toBe('30');
});

test('nothing waits for somebody who has gone', async () => {
  const { app } = refusingApi();
  const leave = new AbortController();
  const answer = Promise.resolve(app.request('/trpc/execution.getStats', { signal: leave.signal }));
  leave.abort();
  expect(await atOnce(answer)).toBe(429);
});
