import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect } from 'node:net';
import { ExecutionError } from '@runledger/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import { createMemoryStore } from './limits/rate-store.ts';
import { createUserLimits } from './limits/user-limits.ts';

const ROWS = 3_000;
/** One started a minute before this, one two minutes before, and so on: what a window finds does not depend on when it is asked. */
const MADE = Date.now();
const minutesBefore = (minutes: number) => new Date(MADE - minutes * 60_000).toISOString();
let fixture: ApiFixture;
let anna: TestUser;
let ben: TestUser;
let publishedId: string;
/** Requests of this process for pages of executions. */
let pages = 0;

beforeAll(async () => {
  subscribe('undici:request:create', (message) => {
    if (
      /^\/rest\/v1\/(workflow_executions|rpc\/search_executions)/.test(
        (message as { request: { path: string } }).request.path,
      )
    )
      pages += 1;
  });
  fixture = await startApiFixture();
  [anna, ben] = await Promise.all([fixture.signUp('anna', { isOperator: true }), fixture.signUp('ben')]);
  ({ id: publishedId } = await anna.client.workflow.create.mutate({ ...ORDER, visibility: 'published' }));
  // Four thousand characters each, so that a connection's buffers hold few of the pages.
  await fixture.supabase.database.query(
    `insert into runledger.workflow_executions (workflow_id, created_by, status, input, error_message, tags, started_at, completed_at)
     select $1, $2, 'failed', '{"secret": 1}', '=cmd()' || repeat('x', 3900), '{vip}', $3::timestamptz - n * interval '1 minute', $3::timestamptz
       from generate_series(1, ${ROWS}) n`,
    [publishedId, anna.id, new Date(MADE).toISOString()],
  );
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const ask = (path: string, { token }: Pick<TestUser, 'token'>, init: RequestInit = {}) =>
  fetch(`${fixture.api.url}${path}`, { ...init, headers: { authorization: `Bearer ${token}` } });
const codeOf = async (answer: Response) =>
  ((await answer.json()) as { error: { data: { executionCode: string } } }).error.data.executionCode;
const lines = (text: string) => text.trimEnd().split(/\r?\n/);

describe('an export', () => {
  test('has all that a filter finds, by the text that lists take, and names what it did not understand', async () => {
    const csv = await ask(`/export.csv?status=failed&tag=vip&from=${minutesBefore(24 * 60)}&colour=red`, anna);
    expect([csv.status, csv.headers.get('content-disposition')]).toEqual([
      200,
      'attachment; filename="executions.csv"',
    ]);
    expect([csv.headers.get('runledger-ignored'), csv.headers.get('cache-control')]).toEqual(['colour', 'no-store']);
    const [header, first, ...rest] = lines(await csv.text());
    expect(header).toMatch(/^id,workflow,/);
    expect(first).toContain(",'=cmd()x");
    expect(rest).toHaveLength(24 * 60 - 1);

    // In one text too, and with parts beside it.
    const text = encodeURIComponent(`status=failed&from=${minutesBefore(9)}&colour=red`);
    const inText = await ask(`/export.csv?filter=${text}&to=${minutesBefore(2)}`, anna);
    expect(inText.headers.get('runledger-ignored')).toBe('colour');
    expect(lines(await inText.text())).toHaveLength(1 + 7);
    expect(lines(await (await ask('/export.csv?filter=status%3Dcompleted', anna)).text())).toHaveLength(1);

    const ndjson = lines(await (await ask('/export.ndjson?orderDirection=asc', anna)).text());
    const rows = ndjson.map((line) => JSON.parse(line) as { id: string; workflow: object });
    expect(new Set(rows.map(({ id }) => id)).size).toBe(ROWS);
    expect(rows[0]).toMatchObject({ workflow: { id: publishedId, name: 'Order' }, status: 'failed' });
    expect(rows[0]).not.toHaveProperty('input');
  });

  test('has payloads where they are asked for, and another user’s never', async () => {
    const whole = await ask(`/export.ndjson?payloads=true&from=${minutesBefore(9)}`, anna);
    expect(lines(await whole.text()).map((line) => JSON.parse(line).input)).toEqual(
      Array.from({ length: 9 }, () => ({ secret: 1 })),
    );
    expect(lines(await (await ask('/export.csv', ben)).text())).toHaveLength(1);
    for (const path of [
      `/export.csv?everyoneOf=${publishedId}`,
      `/export.ndjson?everyoneOf=${publishedId}&payloads=true`,
    ]) {
      const refused = await ask(path, ben);
      expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('"permission_denied"')]);
    }
  });

  test('of everybody is for the owner, where the host shows rows', async () => {
    expect((await ask(`/export.csv?everyoneOf=${publishedId}`, anna)).status).toBe(403);
    await using api = await startApi(fixture.variables, { publishing: { maySeeRows: () => true } });
    const headers = { authorization: `Bearer ${anna.token}` };
    const all = await fetch(`${api.url}/export.csv?everyoneOf=${publishedId}&from=${minutesBefore(59)}`, { headers });
    expect(lines(await all.text())).toHaveLength(60);
    expect((await fetch(`${api.url}/export.csv?everyoneOf=${publishedId}&payloads=true`, { headers })).status).toBe(
      403,
    );
  });

  test.each([
    ['/export.csv?text=no', 400, 'invalid_input'],
    ['/export.csv?orderBy=input', 400, 'invalid_input'],
    ['/export.csv?payloads=perhaps', 400, 'invalid_input'],
    [`/export.csv?everyoneOf=01939c5e-0000-7000-8000-00000000dead`, 404, 'not_found'],
  ])('%s is refused before anything is sent', async (path, status, code) => {
    const refused = await ask(path, anna);
    expect([refused.status, await codeOf(refused)]).toEqual([status, code]);
  });

  test('needs a token', async () => {
    const refused = await ask('/export.csv', { token: 'forged' });
    expect([refused.status, await codeOf(refused)]).toEqual([401, 'unauthenticated']);
  });

  test('reads a page when the one before was taken, and none after its reader has gone', async () => {
    pages = 0;
    const request = new Request(`${fixture.api.url}/export.ndjson`, {
      headers: { authorization: `Bearer ${anna.token}` },
    });
    const reader = (await fixture.api.fetch(request)).body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    for (let taken = 1; taken <= 3; taken += 1) {
      expect((await reader.read()).done).toBe(false);
      expect(pages).toBeLessThanOrEqual(taken + 1);
    }
    await reader.cancel();
    const before = pages;
    await anna.client.execution.getStats.query();
    expect(pages).toBe(before);
  });

  test('ends with its connection, and gives its place back', async () => {
    await using api = await startApi({ ...fixture.variables, RUNLEDGER_STREAMS_PER_USER: '1' });
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    socket.write(`GET /export.csv HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${anna.token}\r\n\r\n`);
    await once(socket, 'data');
    socket.pause();
    const headers = { authorization: `Bearer ${anna.token}` };
    const second = () => fetch(`${api.url}/export.csv?from=-2m`, { headers });
    expect([(await second()).status, (await second()).status]).toEqual([429, 429]);
    socket.destroy();
    await expect.poll(async () => (await second()).status).toBe(200);
  });

  test('waits where a page is more than the limits of a user allow for now, and is whole then', async () => {
    let calls = 0;
    const take = async () => {
      calls += 1;
      const limit = { name: 'requests' as const, limit: 1, windowMs: 10, retryAfterMs: 10 };
      if (calls % 2 === 1) throw new ExecutionError('rate_limited', 'Too many requests.', { limit });
    };
    await using api = await startApi(fixture.variables, {
      userLimits: { take, refusal: () => null, openStream: () => () => {} },
    });
    const headers = { authorization: `Bearer ${anna.token}` };
    const answer = await fetch(`${api.url}/export.ndjson?from=${minutesBefore(20 * 60)}`, { headers });
    expect(lines(await answer.text())).toHaveLength(20 * 60);
    expect(calls).toBe(2 * Math.ceil((20 * 60) / 200));
  });

  test('goes on waiting for places where another call of its user would be told that it waits for too long', async () => {
    const waits: string[] = [];
    const free = { requestsPerMinute: null, writesPerMinute: null, storedBytesPerDay: null, streams: null };
    const places = { callsAtOnce: 5, placeMs: 50, onWait: () => (end: string) => void waits.push(end) };
    const userLimits = createUserLimits({ ...free, ...places }, createMemoryStore());
    await using api = await startApi(fixture.variables, { userLimits });
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    const held = userLimits.inTurn?.(anna.id, { of: 'reads', places: 5 }, () => over);
    const headers = { authorization: `Bearer ${anna.token}` };
    const list = await fetch(`${api.url}/trpc/execution.listExecutions`, { headers });
    expect([list.status, await codeOf(list)]).toEqual([429, 'rate_limited']);
    const answer = fetch(`${api.url}/export.ndjson?from=${minutesBefore(10)}`, { headers });
    await expect.poll(() => waits.filter((one) => one === 'too_long').length).toBeGreaterThan(3);
    end();
    await held;
    expect(lines(await (await answer).text())).toHaveLength(10);
  });
});
