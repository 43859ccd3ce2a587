import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { describe, expect, test } from 'vitest';
import {
  fakeContext,
  fakeExecution,
  fakeLedger,
  fakeWorkflow,
  fakeWorkflows,
  STARTABLE,
  WORKFLOW_ID,
} from './fake-context.ts';
import { createAppRouter } from './root.ts';
import { refuseRoundedNumbers } from './rounded-numbers.ts';

const at = (path: string) => `http://localhost/trpc/${path}`;
const input = (text: string) => `?input=${encodeURIComponent(text)}`;

describe('a number that JavaScript would round is refused by its path', () => {
  test.each([
    ['in a body', at('a.b'), '{"input":{"accountId":3544790567247868102}}', 'input.accountId'],
    ['in a batch', at('a.b,a.c?batch=1'), '{"0":{},"1":{"input":{"n":[1e400]}}}', 'input.n.0'],
    ['in a query', at(`a.b${input('{"limit":12345678901234567890}')}`), null, 'limit'],
    ['in a batch of queries', at(`a.b?batch=1&${input('{"0":{"id":0.12345678901234567890}}').slice(1)}`), null, 'id'],
    ['alone', at('a.b'), '9007199254740993', 'request'],
  ])('%s', (_, url, body, path) => {
    expect(() => refuseRoundedNumbers({ url, body })).toThrow(
      expect.objectContaining({ code: 'invalid_input', fields: { [path]: [expect.stringContaining('as text')] } }),
    );
  });

  test('and every other passes', () => {
    const body = '{"a":9007199254740992,"b":0.30000000000000004,"c":6.02e23,"d":"9007199254740993"}';
    expect(() => refuseRoundedNumbers({ url: at('a.b'), body })).not.toThrow();
  });
});

describe('where a host mounts the router', () => {
  const create = async (number: string, numbersChecked?: boolean) => {
    const context = fakeContext({
      workflows: fakeWorkflows({ getWorkflow: async () => fakeWorkflow() }),
      ledger: fakeLedger({ admit: async () => ({ execution: fakeExecution(), created: false }) }),
      reader: { get: async () => fakeExecution() },
    });
    const response = await fetchRequestHandler({
      endpoint: '/trpc',
      req: new Request(at('execution.createExecution'), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `{"workflowId":"${WORKFLOW_ID}","input":{"ids":[${number}]}}`,
      }),
      router: createAppRouter({ startable: STARTABLE }),
      createContext: () => ({ ...context, numbersChecked }),
    });
    return { status: response.status, body: (await response.json()) as { error?: { data: { fields: object } } } };
  };

  test.each([['9007199254740993'], ['-9223372036854775807'], ['123456789012345678901234567890']])(
    'an integer beyond 2^53 (%s) is refused even where the host checks nothing: it may have been another one',
    async (number) => {
      const { status, body } = await create(number);
      expect(status).toBe(400);
      expect(body.error?.data.fields).toEqual({ 'input.ids.0': [expect.stringContaining('2^53')] });
    },
  );

  test('it passes where the host has checked the text, and smaller ones always do', async () => {
    expect((await create('6.02e23', true)).status).toBe(200);
    expect((await create('9007199254740991')).status).toBe(200);
    expect((await create('-0.5')).status).toBe(200);
  });
});
