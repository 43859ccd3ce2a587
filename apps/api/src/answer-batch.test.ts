import { getRequestListener } from '@hono/node-server';
import { initTRPC, TRPCError } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { answerBatch, withJson } from './answer-batch.ts';

const t = initTRPC.create({ isDev: false });
const router = t.router({
  echo: t.procedure.input(z.unknown()).query(({ input }) => ({ input })),
  nothing: t.procedure.query(() => undefined),
  keep: t.procedure.input(z.object({ a: z.number() })).mutation(({ input }) => input.a),
  large: t.procedure.query(() => 'x'.repeat(300_000)),
  refuse: t.procedure.input(z.string()).query(({ input: wait }) => {
    throw new TRPCError({ code: 'TOO_MANY_REQUESTS', message: wait });
  }),
});

const whole = (req: Request) =>
  fetchRequestHandler({
    ...{ req, router, endpoint: '/trpc', maxBatchSize: 4, allowMethodOverride: true },
    responseMeta: ({ errors }) => {
      const waits = errors.map(({ message }) => Number(message)).filter((wait) => wait > 0);
      return waits.length > 0 ? { headers: { 'retry-after': String(Math.max(...waits)) } } : {};
    },
  });

async function shown(answer: Response) {
  const headers = [...answer.headers].filter(([name]) => name !== 'transfer-encoding');
  return { status: answer.status, headers, body: await answer.text() };
}

function get(calls: string, input?: object, headers = {}): Request {
  const search = input === undefined ? '' : `&input=${encodeURIComponent(JSON.stringify(input))}`;
  return new Request(`http://x/trpc/${calls}?batch=1${search}`, { headers });
}

function post(calls: string, body: object): Request {
  const headers = { 'content-type': 'application/json' };
  return new Request(`http://x/trpc/${calls}?batch=1`, { method: 'POST', headers, body: JSON.stringify(body) });
}

const REQUESTS: [string, () => Request][] = [
  ['queries', () => get('echo,echo', { 0: { a: [1, 'ä,😀'] }, 1: null })],
  ['a call alone', () => get('echo', { 0: 1 })],
  ['inputs that are left out', () => get('echo,nothing,echo', { 2: 'c' })],
  ['no input at all', () => get('nothing,nothing')],
  ['calls of which some fail', () => get('echo,refuse,nowhere', { 0: 1, 1: '7' })],
  ['calls that all fail alike', () => get('refuse,refuse', { 0: '7', 1: '30' })],
  ['calls that fail by different codes', () => get('refuse,nowhere', { 0: '7' })],
  ['names that are odd', () => get('echo,%25,a%2Fb,__proto__', { 0: 1 })],
  ['more calls than are taken', () => get('echo,echo,echo,echo,echo')],
  ['mutations', () => post('keep,keep', { 0: { a: 1 }, 1: { a: 'no' } })],
  ['queries in a body', () => post('echo,nothing', { 0: ['x'] })],
  ['mutations by GET', () => get('keep,keep', { 0: { a: 1 } })],
  ['queries beside mutations', () => post('echo,keep', { 0: ['x'], 1: { a: 2 } })],
  ['large answers', () => get('large,large,large,large')],
  ['a body that is empty', () => new Request(post('keep,keep', {}), { body: '' })],
  ['a body that is no JSON', () => new Request(post('keep,keep', {}), { body: '{' })],
  ['inputs that are none', () => post('keep,keep', [1])],
  ['inputs that are null', () => new Request('http://x/trpc/echo,echo?batch=1&input=null')],
  ['inputs that are no JSON', () => new Request('http://x/trpc/echo,echo?batch=1&input={')],
  ['parameters that are no JSON', () => new Request('http://x/trpc/echo,echo?batch=1&connectionParams={')],
  ['PUT', () => new Request(post('keep,keep', { 0: { a: 1 } }), { method: 'PUT' })],
  ['HEAD', () => new Request('http://x/trpc/echo,echo?batch=1', { method: 'HEAD' })],
  ['a stream of answers', () => get('echo,echo', { 0: 1, 1: 2 }, { 'trpc-accept': 'application/jsonl' })],
  [
    'a call that is no batch',
    () => new Request(`http://x/trpc/echo?input=${encodeURIComponent(JSON.stringify({ b: 1 }))}`),
  ],
];

/** The server sets its own, which does not tell the type of a text before it has been read. */
function responseOfTheServer(): typeof Response {
  const { Request: request, Response: response } = globalThis;
  getRequestListener(() => new Response());
  const { Response: own } = globalThis;
  Object.defineProperty(globalThis, 'Request', { value: request });
  Object.defineProperty(globalThis, 'Response', { value: response });
  return own;
}

describe.each([
  ['', Response],
  [', by the Response of its server', responseOfTheServer()],
])('a batch is answered as tRPC answers it%s', (_, response) => {
  beforeEach(() => void vi.stubGlobal('Response', response));
  afterEach(() => void vi.unstubAllGlobals());

  test.each(REQUESTS)('%s', async (_, request) => {
    expect(await shown(await answerBatch(request(), { most: 4, router }, whole))).toEqual(
      await shown(await whole(request())),
    );
  });
});

test('large answers are handed on in slices, none of which anybody waits for', async () => {
  const { body } = await answerBatch(get('large,large,large,large'), { most: 4, router }, whole);
  const sizes: number[] = [];
  for await (const slice of body ?? []) sizes.push(slice.byteLength);
  expect(Math.max(...sizes)).toBe(128 * 1024);
  expect(sizes.reduce((sum, size) => sum + size)).toBeGreaterThan(1_200_000);
});

test('each call is written by itself', async () => {
  const stringify = vi.spyOn(JSON, 'stringify');
  const answer = await answerBatch(get('large,large,large,large'), { most: 4, router }, whole);
  const longest = Math.max(...stringify.mock.results.map(({ value }) => String(value).length));
  stringify.mockRestore();
  expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(1_200_000);
  expect(longest).toBeLessThan(310_000);
});

test('whoever sends them is told once large answers have been read, or left', async () => {
  const ends: string[] = [];
  const gone = new AbortController();
  const send = (name: string, signal?: AbortSignal) =>
    answerBatch(
      new Request(get('large,large,large,large'), { signal: signal ?? null }),
      { most: 4, router, onSending: (sent) => void sent.then(() => ends.push(name)) },
      whole,
    );
  const read = await send('read');
  const left = (await send('left')).body?.getReader();
  await left?.read();
  expect(ends).toEqual([]);
  await read.arrayBuffer();
  await expect.poll(() => ends).toEqual(['read']);
  await left?.cancel();
  await expect.poll(() => ends).toEqual(['read', 'left']);
  // Nobody ever reads these.
  await (await send('unread')).body?.cancel();
  await expect.poll(() => ends).toEqual(['read', 'left', 'unread']);
  await send('dropped', gone.signal);
  gone.abort();
  await expect.poll(() => ends).toEqual(['read', 'left', 'unread', 'dropped']);
  // Small ones leave in one piece.
  await answerBatch(get('echo,echo'), { most: 4, router, onSending: () => ends.push('small') }, whole);
  expect(ends).toEqual(['read', 'left', 'unread', 'dropped']);
});

test('a body that has been parsed is not parsed again', async () => {
  const parse = vi.spyOn(JSON, 'parse');
  const request = withJson(post('keep,keep', {}), async () => ({ 0: { a: 1 }, 1: { a: 2 } }));
  const answer = await answerBatch(request, { most: 4, router }, whole);
  expect(parse).not.toHaveBeenCalled();
  parse.mockRestore();
  expect(await answer.json()).toEqual([{ result: { data: 1 } }, { result: { data: 2 } }]);
});
