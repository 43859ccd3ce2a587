import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createExecutionService } from './execution-service.ts';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';
import { createLedger } from './ledger.ts';
import { connectSupabase } from './supabase.ts';

const quick = { maxPauseMs: 20 };

test('no database gives ledger_unavailable, after three retries', async () => {
  const nowhere = connectSupabase({ url: `http://127.0.0.1:${await freePort()}`, key: 'k' });
  await expect(createExecutionService(nowhere, { call: quick }).markCompleted('x')).rejects.toMatchObject({
    code: 'ledger_unavailable',
  });
  await expect(createLedger(nowhere).ping()).rejects.toMatchObject({ code: 'ledger_unavailable' });
});

describe('a proxy that fails in front of a real API', () => {
  let api: LedgerApi;
  beforeAll(async () => {
    api = await openLedgerApi('pglite');
  });
  afterAll(() => api.close());

  /** Answers 503 as long as `failures` lasts, before or after the API has done what was asked. */
  async function flakyProxy(failures: number, after: boolean) {
    let calls = 0;
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const failing = ++calls <= failures;
      const forward = () =>
        fetch(`${api.supabase.url}${request.url}`, {
          method: request.method as string,
          headers: request.headers as Record<string, string>,
          ...(chunks.length ? { body: Buffer.concat(chunks) } : {}),
        });
      if (failing) {
        if (after) await forward();
        response.writeHead(503).end('upstream gone');
        return;
      }
      const answer = await forward();
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return {
      service: createExecutionService(connectSupabase({ url, key: api.supabase.serviceRoleKey }), { call: quick }),
      calls: () => calls,
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  }

  const input = () => ({ workflowId: api.workflow.id, userId: api.ada.id });

  test.each([
    ['lost on the way there', false],
    ['lost on the way back', true],
  ])('a report whose answer is %s three times is applied once', async (_, after) => {
    const { id } = await api.service.createExecution(input());
    await using proxy = await flakyProxy(3, after);
    expect(await proxy.service.markCompleted(id, { ok: true })).toMatchObject({
      result: 'applied',
      status: 'completed',
    });
    expect(proxy.calls()).toBe(4);
    const [{ n } = { n: 0 }] = await api.supabase.database.query<{ n: number }>(
      'select count(*)::int as n from runledger.execution_reports where execution_id = $1',
      [id],
    );
    expect(n).toBe(1);
  });

  test('a creation whose answer is lost creates one row', async () => {
    const before = (await api.service.getStats(api.workflow.id)).total;
    await using proxy = await flakyProxy(2, true);
    await proxy.service.createExecution(input());
    expect((await api.service.getStats(api.workflow.id)).total).toBe(before + 1);
  });

  test('a fourth failure is told', async () => {
    const { id } = await api.service.createExecution(input());
    await using proxy = await flakyProxy(4, false);
    await expect(proxy.service.markCompleted(id)).rejects.toMatchObject({ code: 'ledger_unavailable' });
    expect(await api.service.getExecutionById(id)).toMatchObject({ status: 'running' });
  });

  test('an API that hangs is given up after the deadline, with all attempts where their time is bounded together', async () => {
    let calls = 0;
    const server = createServer(() => {
      calls += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const hanging = createExecutionService(connectSupabase({ url, key: 'k' }), { call: { ...quick, deadlineMs: 30 } });
    await expect(hanging.getExecution('x')).rejects.toMatchObject({ code: 'ledger_unavailable' });
    calls = 0;
    const bounded = { ...quick, deadlineMs: 200, withinMs: 250 };
    const impatient = createExecutionService(connectSupabase({ url, key: 'k' }), { call: bounded });
    await expect(impatient.getExecution('x')).rejects.toMatchObject({ code: 'ledger_unavailable' });
    expect(calls).toBeLessThanOrEqual(2);
    server.closeAllConnections();
    server.close();
  });

  test('a wrong key is refused as such', async () => {
    const wrong = createExecutionService(connectSupabase({ url: api.supabase.url, key: 'sb_secret_forged' }), {
      call: quick,
    });
    await expect(wrong.markCompleted('x')).rejects.toMatchObject({
      code: expect.stringMatching(/unauthenticated|permission_denied/),
    });
  });
});
