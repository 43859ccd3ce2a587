import type { ExecutionErrorCode } from '@runledger/contracts';
import { EXECUTION_ERROR_CODES, ExecutionError } from '@runledger/contracts';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { describe, expect, test } from 'vitest';
import type { Context } from './context.ts';
import { fakeContext, fakeLedger, STARTABLE } from './fake-context.ts';
import { createAppRouter } from './root.ts';

const router = createAppRouter({ startable: STARTABLE, limits: { healthMs: 50 } });

/** Calls a query as HTTP does and gives the error of the answer, as it goes over the wire. */
async function errorOf(
  path: string,
  context: Context,
): Promise<{ text: string; error: { message: string; data: object } }> {
  const response = await fetchRequestHandler({
    endpoint: '/trpc',
    req: new Request(`http://localhost/trpc/${path}`),
    router,
    createContext: () => context,
  });
  const text = await response.text();
  return { text, error: JSON.parse(text).error };
}

const failing = (reason: unknown) => fakeContext({ reader: { countEnded: () => Promise.reject(reason) } });

describe('what an error says', () => {
  test.each(EXECUTION_ERROR_CODES)('%s: our code beside tRPC’s, never a stack', async (code: ExecutionErrorCode) => {
    const { error, text } = await errorOf('execution.getRunCount', failing(new ExecutionError(code, 'what to do')));
    expect(error.data).toMatchObject({ executionCode: code, requestId: 'request-1', fields: null });
    expect(text).not.toContain('stack');
  });

  test('a foreign error is masked: neither its message nor its name leaves', async () => {
    const foreign = new TypeError('relation "workflow_executions" violates constraint "the_user_is_known"');
    const { error, text } = await errorOf('execution.getRunCount', failing(foreign));
    expect(error.data).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', executionCode: 'internal' });
    expect(error.message).toContain('request-1');
    expect(text).not.toMatch(/workflow_executions|the_user_is_known|TypeError/);
  });

  test('an answer that breaks its schema is our fault, and says nothing of what was in it', async () => {
    const { error, text } = await errorOf(
      'execution.getRunCount',
      fakeContext({ reader: { countEnded: async () => 'x' as never } }),
    );
    expect(error.data).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', executionCode: 'internal', fields: null });
    expect(text).not.toContain('expected');
  });

  test.each(['engine_unavailable', 'ledger_unavailable', 'schema_outdated', 'internal'] as const)(
    '%s says nothing of hosts and tables',
    async (code) => {
      const { text } = await errorOf(
        'execution.getRunCount',
        failing(new ExecutionError(code, 'db.internal:5432 secret')),
      );
      expect(text).not.toMatch(/db\.internal|secret/);
    },
  );

  test('a wrong argument is told by field', async () => {
    const input = encodeURIComponent(JSON.stringify({ id: 1 }));
    const { error } = await errorOf(`execution.getExecution?input=${input}`, fakeContext());
    expect(error.data).toMatchObject({ executionCode: 'invalid_input', fields: { id: [expect.any(String)] } });
  });

  test('an unknown procedure has no code of ours', async () => {
    expect((await errorOf('execution.dropTable', fakeContext())).error.data).toMatchObject({
      code: 'NOT_FOUND',
      executionCode: null,
    });
  });
});

describe('who may call', () => {
  const nobody = fakeContext({ caller: null });

  test('nobody without a token, and is told how to send one', async () => {
    const { error } = await errorOf('execution.getRunCount', nobody);
    expect(error).toMatchObject({
      message: expect.stringContaining('Bearer'),
      data: { executionCode: 'unauthenticated' },
    });
  });

  test('nobody with a bad token, and is told what is wrong with it', async () => {
    const callerProblem = new ExecutionError('unauthenticated', 'The token has expired.');
    const { error } = await errorOf('execution.getRunCount', { ...nobody, callerProblem });
    expect(error).toMatchObject({ message: 'The token has expired.', data: { code: 'UNAUTHORIZED' } });
  });

  const procedures = router._def.procedures as unknown as Record<string, { _def: { type: string } }>;
  const isStream = (path: string) => procedures[path]?._def.type === 'subscription';
  const needing = Object.keys(procedures).filter((path) => path !== 'system.health');

  test.each(needing.filter(isStream))('%s tells nobody but a caller anything, whatever the input', async (path) => {
    const response = await fetchRequestHandler({
      endpoint: '/trpc',
      req: new Request(`http://localhost/trpc/${path}?input={}`, { headers: { accept: 'text/event-stream' } }),
      router,
      createContext: () => nobody,
    });
    const events = (await response.text()).split('\n').filter((line) => line.startsWith('event:'));
    expect(events).toEqual(['event: connected', 'event: serialized-error']);
  });

  test.each(needing.filter((path) => !isStream(path)))('%s needs a caller, whatever the input', async (path) => {
    const response = await fetchRequestHandler({
      endpoint: '/trpc',
      req: new Request(`http://localhost/trpc/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      }),
      router,
      createContext: () => nobody,
      allowMethodOverride: true,
    });
    expect(response.status).toBe(401);
  });
});

describe('system.health', () => {
  const healthOf = async (context: Context) => {
    const response = await fetchRequestHandler({
      endpoint: '/trpc',
      req: new Request('http://localhost/trpc/system.health'),
      router,
      createContext: () => context,
    });
    return (await response.json()).result.data;
  };
  const up = { ping: async () => {}, unprovenNamespaces: async () => [] };

  test('is public, and says whether both answer', async () => {
    const context = fakeContext({ caller: null, ledger: fakeLedger(up), engine: up as never });
    expect(await healthOf(context)).toEqual({ status: 'ok', ledger: true, engine: true, followed: true, why: [] });
  });

  test('says which does not, in a sentence of ours and nothing of theirs', async () => {
    const down = { ping: () => Promise.reject(new Error('10.0.0.7 refused')) };
    const context = fakeContext({ caller: null, ledger: fakeLedger(down), engine: up as never });
    expect(await healthOf(context)).toEqual({
      status: 'degraded',
      ledger: false,
      engine: true,
      followed: null,
      why: ['The database cannot be reached right now; try again in a moment.'],
    });
  });

  test('says that migrations are missing', async () => {
    const outdated = new ExecutionError('schema_outdated', 'relation "x" does not exist');
    const context = fakeContext({
      ...{ caller: null, ledger: fakeLedger({ ...up, ping: () => Promise.reject(outdated) }), engine: up as never },
    });
    expect((await healthOf(context)).why).toEqual([
      'The database is not migrated yet; the operator has to apply the migrations.',
    ]);
  });

  test('does not wait for what hangs', async () => {
    const hanging = { ping: () => new Promise<void>(() => {}) };
    const context = fakeContext({ caller: null, ledger: fakeLedger(up), engine: hanging as never });
    expect(await healthOf(context)).toEqual({
      status: 'degraded',
      ledger: true,
      engine: false,
      followed: true,
      why: ['Temporal cannot be reached right now; try again in a moment.'],
    });
  });

  test('says that nobody follows a namespace, names none, and stays ok', async () => {
    const unproven = [{ namespace: 'shop', provedAt: null }];
    const ledger = fakeLedger({ ...up, unprovenNamespaces: async () => unproven });
    const health = await healthOf(fakeContext({ caller: null, ledger, engine: up as never }));
    expect(health).toEqual({ status: 'ok', ledger: true, engine: true, followed: false, why: [] });
  });
});
