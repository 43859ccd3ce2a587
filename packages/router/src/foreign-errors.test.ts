/** Nothing of what other programs say reaches a caller, wherever the router is mounted and whatever the host formats. */
import { EXECUTION_ERROR_CODES, ExecutionError } from '@runledger/contracts';
import type { AnyRouter } from '@trpc/server';
import { initTRPC, TRPCError } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import superjson from 'superjson';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Context } from './context.ts';
import { runledgerErrorData } from './error-mapping.ts';
import { fakeContext, fakeLedger, STARTABLE } from './fake-context.ts';
import { createAppRouter } from './root.ts';

/** In every foreign message below, and in no sentence of ours. */
const SECRET = 'hunter2';
const appRouter = createAppRouter({ startable: STARTABLE });

const plain = initTRPC.context<Context>().create({ isDev: true });
const host = initTRPC.context<Context>().create({
  isDev: true,
  transformer: superjson,
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    data: {
      ...shape.data,
      // As a host's own formatter has it.
      cause: error.cause instanceof z.ZodError ? z.flattenError(error.cause) : null,
      ...runledgerErrorData(error),
    },
  }),
});

/** Each way to mount the router, with what comes before our paths. */
interface Mount {
  router: AnyRouter;
  prefix: string;
  /** Without a formatter of ours or the host's, tRPC tells nothing but its own code. */
  hasData: boolean;
}
const mounts: Record<string, Mount> = {
  'as it is': { router: appRouter, prefix: '', hasData: true },
  'nested in a host’s router, with its formatter and transformer': {
    router: host.router({ runledger: appRouter }),
    prefix: 'runledger.',
    hasData: true,
  },
  'nested in a host’s router without any': {
    router: plain.router({ runledger: appRouter }),
    prefix: 'runledger.',
    hasData: false,
  },
  'merged into a host’s router': {
    router: plain.mergeRouters(plain.router({}), appRouter),
    prefix: '',
    hasData: true,
  },
};

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const hostile = () =>
  new Proxy(new Error(SECRET), {
    get() {
      throw new Error(SECRET);
    },
  });
const circular = () => {
  const error = new Error(SECRET) as Error & { cause?: unknown };
  error.cause = error;
  return error;
};

const foreign: Record<string, () => unknown> = {
  'a connection that names its password': () =>
    new Error(`connect ECONNREFUSED postgres://admin:${SECRET}@10.0.0.5/app`),
  'an error of fetch with its cause': () => new TypeError('fetch failed', { cause: new Error(SECRET) }),
  'an error of gRPC': () => Object.assign(new Error(`5 NOT_FOUND: ${SECRET}`), { code: 5, details: SECRET }),
  'a fault of PostgREST': () => ({ code: 'PGRST301', message: SECRET, details: SECRET, hint: SECRET }),
  'a ZodError of a library': () => new z.ZodError([{ code: 'custom', path: [SECRET], message: SECRET }]),
  'an error of tRPC’s with a message': () => new TRPCError({ code: 'FORBIDDEN', message: SECRET }),
  'an error of tRPC’s with a cause': () => new TRPCError({ code: 'BAD_REQUEST', cause: new Error(SECRET) }),
  'an error of ours that quotes its cause': () =>
    new ExecutionError('conflict', `duplicate key ${SECRET}`, { cause: new Error(SECRET) }),
  'an error of ours that quotes an error of ours': () =>
    new ExecutionError('engine_refused', SECRET, { cause: new ExecutionError('internal', SECRET) }),
  'an error of ours for operators': () => new ExecutionError('ledger_unavailable', `${SECRET}.example.com is down`),
  'an error that calls itself one of ours, with a code that is none': () =>
    Object.assign(new Error(SECRET), { name: 'ExecutionError', code: SECRET }),
  text: () => SECRET,
  null: () => null,
  undefined: () => undefined,
  'a number': () => 7,
  'a symbol': () => Symbol(SECRET),
  'a function': () => () => SECRET,
  'an object without a prototype': () => Object.assign(Object.create(null), { message: SECRET }),
  'a proxy that is revoked': revoked,
  'a proxy that throws': hostile,
  'an error that is its own cause': circular,
  'an error of a megabyte': () => new Error(SECRET.repeat(150_000)),
};

/** Calls a procedure whose reader throws, as HTTP does. */
async function call({ router, prefix }: Mount, thrown: () => unknown) {
  const logged: object[] = [];
  const context = fakeContext({
    reader: {
      countEnded: async () => {
        throw thrown();
      },
    },
    log: { warn() {}, error: (fields) => void logged.push(fields) },
  });
  const response = await fetchRequestHandler({
    endpoint: '/trpc',
    req: new Request(`http://localhost/trpc/${prefix}execution.getRunCount`),
    router,
    createContext: () => context,
  });
  const text = await response.text();
  const { error } = JSON.parse(text);
  return { status: response.status, text, logged, error: error.json ?? error };
}

describe.each(Object.entries(mounts))('%s', (_, mount) => {
  test.each(Object.entries(foreign))('%s is masked', async (_name, thrown) => {
    const { text, error, status } = await call(mount, thrown);
    expect(text).not.toContain(SECRET);
    // Nor where on which machine, although the host is in development.
    expect(text).not.toMatch(/\.ts:\d+|node_modules|node:/);
    expect(text.length).toBeLessThan(4_000);
    expect(error.message).toMatch(/^[A-Z].*\.$/);
    expect(error.data).toMatchObject({ httpStatus: status });
    if (mount.hasData) expect(EXECUTION_ERROR_CODES).toContain(error.data.executionCode);
  });

  test('a fault of ours is told by the id under which it is in the log, with what happened', async () => {
    const happened = new Error(SECRET);
    const { error, logged, status } = await call(mount, () => happened);
    expect([status, error.message]).toEqual([500, expect.stringContaining('Quote request request-1')]);
    if (mount.hasData) expect(error.data).toMatchObject({ executionCode: 'internal', requestId: 'request-1' });
    expect(logged).toMatchObject([{ requestId: 'request-1', err: { cause: happened } }]);
  });

  test('a sentence of ours passes, with its code and its fields, and is not logged', async () => {
    const ours = () =>
      new ExecutionError('not_found', 'There is no such workflow.', { fields: { id: ['is unknown'] } });
    const { error, logged, status } = await call(mount, ours);
    expect([status, error.message, logged]).toEqual([404, 'There is no such workflow.', []]);
    if (mount.hasData) expect(error.data).toMatchObject({ executionCode: 'not_found', fields: { id: ['is unknown'] } });
  });

  test('what is said for callers passes where the message is for operators', async () => {
    const ours = () => new ExecutionError('ledger_unavailable', SECRET, { forCaller: 'Try again in a moment.' });
    const { error, text } = await call(mount, ours);
    expect(error.message).toBe('Try again in a moment.');
    expect(text).not.toContain(SECRET);
  });

  test('a caller’s own input is quoted cut, and with what is hidden in it written out', async () => {
    const ours = () =>
      new ExecutionError('invalid_input', `No "\u202e\0\ud800${'x'.repeat(100_000)}".`, {
        fields: Object.fromEntries(
          Array.from({ length: 500 }, (_value, i) => [`${i}\u200b${'k'.repeat(9_000)}`, ['no']]),
        ),
      });
    const { error, text } = await call(mount, ours);
    expect(error.message).toMatch(/^No "\\u\{202e\}\\u\{0\}\\u\{d800\}x+…$/);
    if (mount.hasData) expect(Object.keys(error.data.fields)[0]).toMatch(/^0\\u\{200b\}k+…$/);
    expect(text.length).toBeLessThan(20_000);
  });

  test('what breaks a stream is masked as it is in an answer', async () => {
    const logged: object[] = [];
    const context = fakeContext({
      ledger: fakeLedger({ changesSince: async () => ({ changes: [], cursor: '1' }) }),
      reader: { stats: () => Promise.reject(new Error(SECRET)) },
      log: { warn() {}, error: (fields) => void logged.push(fields) },
    });
    const response = await fetchRequestHandler({
      endpoint: '/trpc',
      req: new Request(`http://localhost/trpc/${mount.prefix}execution.watchStats`, {
        headers: { accept: 'text/event-stream' },
      }),
      router: mount.router,
      createContext: () => context,
    });
    const text = await response.text();
    expect(text).toContain('Quote request request-1');
    expect(text).not.toContain(SECRET);
    expect(logged).toMatchObject([{ requestId: 'request-1', err: { cause: new Error(SECRET) } }]);
  });

  test('a wrong argument is told by field, and not as an error of zod’s', async () => {
    const response = await fetchRequestHandler({
      endpoint: '/trpc',
      req: new Request(
        `http://localhost/trpc/${mount.prefix}execution.getExecution?input=${encodeURIComponent(JSON.stringify({ json: {} }))}`,
      ),
      router: mount.router,
      createContext: () => fakeContext(),
    });
    const { error } = JSON.parse(await response.text());
    const { data } = error.json ?? error;
    expect(data).toMatchObject({ code: 'BAD_REQUEST' });
    if (mount.hasData)
      expect(data).toMatchObject({ executionCode: 'invalid_input', fields: { id: [expect.any(String)] } });
    expect(data.cause ?? null).toBeNull();
  });
});

test('a host’s own errors are none of ours', () => {
  const own = new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'the host’s' });
  expect(runledgerErrorData(own)).toEqual({
    executionCode: null,
    fields: null,
    quota: null,
    limit: null,
    requestId: null,
  });
});
