import { createRunledgerClient, executionErrorCode } from '@runledger/client';
import type { Engine, ExecutionReader, Ledger, WorkflowService } from '@runledger/contracts';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import type { ApiOptions } from './app.ts';
import { createApi } from './server.ts';

const nothing = pino({ level: 'silent' });

/** An API whose every part answers at once; `given` says otherwise. */
function fakeApi({ reader = {}, ...given }: Partial<ApiOptions> & { reader?: Partial<ExecutionReader> } = {}) {
  return createApi({
    identify: async () => ({ caller: { userId: 'anna', reader: reader as ExecutionReader }, callerProblem: null }),
    ledger: { ping: async () => {}, unprovenNamespaces: async () => [] } as unknown as Ledger,
    workflows: {} as WorkflowService,
    engine: { ping: async () => {} } as Engine,
    log: nothing,
    startable: [],
    ...given,
  });
}

interface ErrorBody {
  error: { data: { requestId: string; executionCode: string } };
}
const errorOf = async (response: Response) => ((await response.json()) as ErrorBody).error;

const get = (path: string, headers: Record<string, string> = {}) => new Request(`http://localhost${path}`, { headers });
const onAnyPort = { port: 0, host: '127.0.0.1' };

describe('probes', () => {
  const down = { ping: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432')) };

  test('/healthz is about this process alone', async () => {
    const response = await fakeApi({ ledger: down as never, engine: down as never }).fetch(get('/healthz'));
    expect(response.status).toBe(200);
  });

  test.each([
    ['both answer', {}, 200, { status: 'ok', ledger: true, engine: true, followed: true, why: [] }],
    [
      'the database is away',
      { ledger: down as never },
      503,
      {
        status: 'degraded',
        ledger: false,
        engine: true,
        followed: null,
        why: ['The database cannot be reached right now; try again in a moment.'],
      },
    ],
    [
      'Temporal is away',
      { engine: down as never },
      503,
      {
        status: 'degraded',
        ledger: true,
        engine: false,
        followed: true,
        why: ['Temporal cannot be reached right now; try again in a moment.'],
      },
    ],
  ])('/readyz when %s', async (_, parts, status, body) => {
    const response = await fakeApi(parts).fetch(get('/readyz'));
    expect([response.status, await response.json()]).toEqual([status, body]);
  });
});

test('/openapi.json describes every procedure, to whoever asks', async () => {
  const response = await fakeApi().fetch(get('/openapi.json'));
  const { openapi, paths } = (await response.json()) as { openapi: string; paths: Record<string, object> };
  expect([response.status, openapi]).toEqual([200, '3.1.0']);
  expect(paths['/trpc/execution.listExecutions']).toMatchObject({
    get: { summary: expect.stringMatching(/^The caller/) },
  });
});

test('/openapi.json is compressed for whoever takes that, and the same for everybody', async () => {
  const { fetch } = fakeApi();
  const [packed, plain] = [
    await fetch(get('/openapi.json', { 'accept-encoding': 'gzip' })),
    await fetch(get('/openapi.json')),
  ];
  expect([packed, plain].map(({ headers }) => [headers.get('content-encoding'), headers.get('vary')])).toEqual([
    ['gzip', expect.stringContaining('accept-encoding')],
    [null, expect.stringContaining('accept-encoding')],
  ]);
  const unpacked = packed.body?.pipeThrough(new DecompressionStream('gzip'));
  expect(await new Response(unpacked).text()).toBe(await plain.text());
});

describe('browsers', () => {
  const allowed = async (origin: string, corsOrigins?: string[]) => {
    const response = await fakeApi({ corsOrigins }).fetch(get('/healthz', { origin }));
    return response.headers.get('access-control-allow-origin');
  };

  test('pages of this machine may call by default, others may not', async () => {
    expect(await allowed('http://localhost:5173')).toBe('http://localhost:5173');
    expect(await allowed('http://[::1]:5173')).toBe('http://[::1]:5173');
    expect(await allowed('https://evil.example')).toBeNull();
    expect(await allowed('http://localhost.evil.example')).toBeNull();
  });

  test('listed origins may call, and then no others', async () => {
    expect(await allowed('https://app.example.com', ['https://app.example.com'])).toBe('https://app.example.com');
    expect(await allowed('http://localhost:5173', ['https://app.example.com'])).toBeNull();
  });

  test('a preflight lets the token through', async () => {
    const headers = {
      origin: 'http://localhost:5173',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    };
    const preflight = new Request('http://localhost/trpc/x', { method: 'OPTIONS', headers });
    const response = await fakeApi().fetch(preflight);
    expect(response.headers.get('access-control-allow-headers')).toContain('authorization');
  });

  test('answers carry security headers and the request’s id', async () => {
    const { headers } = await fakeApi().fetch(get('/healthz'));
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-request-id')).toMatch(/\S/);
  });
});

describe('limits', () => {
  test('a body of 10 MB is refused in the shape of every other error', async () => {
    const listening = await fakeApi().listen(onAnyPort);
    const client = createRunledgerClient({ url: `${listening.url}/trpc`, getToken: () => 'token' });
    const input = 'x'.repeat(10_000_000);
    const workflowId = '01939c5e-0000-7000-8000-000000000001';
    const error = await client.execution.createExecution
      .mutate({ workflowId, input })
      .catch((reason: unknown) => reason);
    expect(executionErrorCode(error)).toBe('payload_too_large');
    expect(error).toMatchObject({ message: expect.stringContaining('pass a reference'), data: { httpStatus: 413 } });
    await listening.drain(1_000);
  });

  test('what takes no payload takes no large body either, and nothing of it is parsed', async () => {
    const post = (path: string) =>
      new Request(`http://localhost/trpc/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-trpc-method-override': 'GET' },
        body: `"${'x'.repeat(300_000)}`,
      });
    expect((await fakeApi().fetch(post('execution.listExecutions'))).status).toBe(413);
    // Here it was read, and found not to be JSON.
    expect((await fakeApi().fetch(post('execution.createExecution'))).status).toBe(400);
  });

  test('a batch of more than twenty calls is refused', async () => {
    const paths = Array.from({ length: 21 }, () => 'system.health').join(',');
    const response = await fakeApi().fetch(get(`/trpc/${paths}?batch=1`));
    expect(response.status).toBe(400);
  });

  test('a body that is not JSON is a wrong argument', async () => {
    const request = new Request('http://localhost/trpc/execution.cancelExecution', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"id":',
    });
    const response = await fakeApi().fetch(request);
    expect((await errorOf(response)).data).toMatchObject({ executionCode: 'invalid_input' });
  });
});

describe('the log', () => {
  test('says what failed, with the request’s id that the caller was told, and never a token', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    const reader = { countEnded: () => Promise.reject(new Error('relation does not exist')) };
    const response = await fakeApi({ log, reader }).fetch(
      get('/trpc/execution.getRunCount', { authorization: 'Bearer very.secret.token' }),
    );
    const { requestId } = (await errorOf(response)).data;
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: 50,
        requestId,
        path: 'execution.getRunCount',
        err: { message: expect.stringContaining('relation does not exist') },
      },
    ]);
    expect(lines.join()).not.toContain('very.secret.token');
  });

  test('is silent about what callers did wrong', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    await fakeApi({ log, reader: { get: async () => null } }).fetch(get('/trpc/execution.getExecution?input={}'));
    expect(lines).toEqual([]);
  });
});

describe('starting and stopping', () => {
  test('a port in use is named, with the variable that changes it', async () => {
    const first = await fakeApi().listen(onAnyPort);
    const port = Number(new URL(first.url).port);
    await expect(fakeApi().listen({ port, host: '127.0.0.1' })).rejects.toThrow(new RegExp(`Port ${port} .*PORT`));
    await first.drain(1_000);
  });

  test('a stop finishes the requests under way and refuses new ones', async () => {
    const counting = Promise.withResolvers<number>();
    const asked = Promise.withResolvers<void>();
    const reader = {
      countEnded: () => {
        asked.resolve();
        return counting.promise;
      },
    };
    const listening = await fakeApi({ reader }).listen(onAnyPort);
    const underWay = fetch(`${listening.url}/trpc/execution.getRunCount`);
    await asked.promise;

    const drained = listening.drain(10_000);
    await expect(fetch(`${listening.url}/healthz`)).rejects.toThrow('fetch failed');
    counting.resolve(7);

    const response = await underWay;
    // Or the client would come back over this connection, to a server that is gone.
    expect(response.headers.get('connection')).toBe('close');
    expect(await response.json()).toEqual({ result: { data: 7 } });
    await drained;
  });

  test('a stop does not wait for ever', async () => {
    const asked = Promise.withResolvers<void>();
    const reader = {
      countEnded: () => {
        asked.resolve();
        return new Promise<number>(() => {});
      },
    };
    const listening = await fakeApi({ reader }).listen(onAnyPort);
    const hanging = fetch(`${listening.url}/trpc/execution.getRunCount`).catch((error: unknown) => error);
    await asked.promise;
    await listening.drain(50);
    expect(await hanging).toBeInstanceOf(Error);
  });
});
