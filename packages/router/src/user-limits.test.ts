import { ExecutionError } from '@runledger/contracts';
import { expect, test } from 'vitest';
import { callRouter, refusalOf } from './fake-call.ts';
import {
  ANNA,
  EXECUTION_ID,
  fakeContext,
  fakeDetails,
  fakeLedger,
  fakeWorkflow,
  fakeWorkflows,
  STARTABLE,
} from './fake-context.ts';
import { createAppRouter } from './root.ts';
import { createCallerFactory } from './trpc.ts';
import type { UserLimits } from './user-limits.ts';

/** Limits that note what is taken, and refuse what they are told to. */
function fakeLimits(refused: string | null = null) {
  const taken: string[] = [];
  const limits: UserLimits = {
    async take(name, userId, amount = 1) {
      taken.push(`${name} ${userId} ${amount}`);
      if (name !== refused) return;
      const limit = { name, limit: 1, windowMs: 60_000, retryAfterMs: 5_000 };
      throw new ExecutionError('rate_limited', 'Too much.', { limit });
    },
    openStream: () => () => {},
  };
  return { taken, limits };
}

test('a query takes a request, a change also a write and what it stores', async () => {
  const { taken, limits } = fakeLimits();
  const reader = { details: async () => fakeDetails() };
  const workflows = fakeWorkflows({ createWorkflow: async () => fakeWorkflow() });
  const call = callRouter(fakeContext({ limits, reader, workflows }));
  await call.execution.getExecution({ id: EXECUTION_ID });
  expect(taken.splice(0)).toEqual([`requests ${ANNA} 1`]);
  await call.workflow.create({ name: 'Order', ...STARTABLE[0] } as never);
  expect(taken).toEqual([`requests ${ANNA} 1`, `writes ${ANNA} 1`, expect.stringMatching(/^storedBytes anna \d{3}$/)]);
});

test('an execution stores its input and its metadata, which both count', async () => {
  const { taken, limits } = fakeLimits('storedBytes');
  const workflows = fakeWorkflows({ getWorkflow: async () => fakeWorkflow() });
  const call = callRouter(fakeContext({ limits, workflows }));
  const request = { workflowId: fakeWorkflow().id, input: 'x'.repeat(8), metadata: { note: 'x'.repeat(89) } };
  expect(await refusalOf(call.execution.createExecution(request))).toMatchObject({ executionCode: 'rate_limited' });
  // As JSON: 8 + 2 and 89 + 11 bytes.
  expect(taken.at(-1)).toBe(`storedBytes ${ANNA} 110`);
});

test('a call runs in its turn, after it was counted', async () => {
  const { taken, limits } = fakeLimits();
  const inTurn: UserLimits['inTurn'] = (userId, { of, places }, work) => {
    taken.push(`${places} of ${of} of ${userId}`);
    return work().finally(() => taken.push(`${of} over`));
  };
  const reader = { details: async () => fakeDetails() };
  const call = callRouter(fakeContext({ limits: { ...limits, inTurn }, reader }));
  await call.execution.getExecution({ id: EXECUTION_ID });
  expect(taken).toEqual([
    `requests ${ANNA} 1`,
    `1 of calls of ${ANNA}`,
    `5 of reads of ${ANNA}`,
    'reads over',
    'calls over',
  ]);
});

test('what costs others more takes more places: rows of a list, payloads, statistics from rows, calls about many', async () => {
  const { limits } = fakeLimits();
  const turns: string[] = [];
  const inTurn: UserLimits['inTurn'] = (_userId, { of, places }, work) => {
    turns.push(`${of} ${places}`);
    return work();
  };
  const nothing = async () => null as never;
  const reader = { list: nothing, details: nothing, stats: nothing, search: nothing };
  const beside = {
    workflows: fakeWorkflows({ listWorkflows: nothing }),
    ledger: fakeLedger({ listViews: nothing }),
    keys: { listKeys: nothing } as never,
  };
  const given = { limits: { ...limits, inTurn }, reader, ...beside };
  const { execution, workflow, key } = callRouter(fakeContext({ ...given, isOperator: true }));
  async function turnsOf(call: Promise<unknown>) {
    await call.catch(() => {});
    return turns.splice(0).slice(1);
  }
  expect(await turnsOf(execution.listExecutions({ limit: 25 }))).toEqual(['reads 2']);
  expect(await turnsOf(execution.listExecutions({ limit: 200 }))).toEqual(['reads 10']);
  expect(await turnsOf(execution.getExecution({ id: EXECUTION_ID, payloads: true }))).toEqual(['reads 5']);
  expect(await turnsOf(execution.getStats())).toEqual(['reads 1']);
  expect(await turnsOf(execution.getStats({ by: 'end' }))).toEqual(['reads 5']);
  expect(await turnsOf(execution.getStats({ filter: 'tag=rye' }))).toEqual(['reads 5']);
  expect(await turnsOf(execution.search({ text: 'declined' }))).toEqual(['reads 5']);
  expect(await turnsOf(workflow.list({ limit: 200 }))).toEqual(['reads 5']);
  expect(await turnsOf(execution.listViews())).toEqual(['reads 3']);
  expect(await turnsOf(key.list({ of: 'everyone' }))).toEqual(['reads 5']);
  await execution.cancelExecutions({ ids: [EXECUTION_ID] }).catch(() => {});
  expect(turns).toEqual(['calls 4']);
});

test('who has gone is told to whatever waits for a place of theirs', async () => {
  const { limits } = fakeLimits();
  const signals: unknown[] = [];
  const inTurn: UserLimits['inTurn'] = (_userId, { signal }, work) => {
    signals.push(signal);
    return work();
  };
  const gone = new AbortController().signal;
  const reader = { details: async () => fakeDetails() };
  await callRouter(fakeContext({ limits: { ...limits, inTurn }, reader, gone })).execution.getExecution({
    id: EXECUTION_ID,
  });
  expect(signals).toEqual([gone, gone]);
});

test('what is refused does nothing, not even look at the input', async () => {
  for (const name of ['requests', 'writes']) {
    const call = callRouter(fakeContext({ limits: fakeLimits(name).limits }));
    expect(await refusalOf(call.workflow.create({ nonsense: true } as never))).toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      executionCode: 'rate_limited',
      limit: { name, limit: 1, windowMs: 60_000, retryAfterMs: 5_000 },
    });
  }
});

test('nobody takes anything from the limits of a user without being one', async () => {
  const { taken, limits } = fakeLimits();
  const call = callRouter({ ...fakeContext({ limits }), caller: null });
  expect((await refusalOf(call.workflow.list())).executionCode).toBe('unauthenticated');
  expect(taken).toEqual([]);
});

test('every procedure takes a request of whoever calls, and every mutation a write', async () => {
  const router = createAppRouter({ startable: STARTABLE });
  for (const [path, procedure] of Object.entries(router._def.procedures)) {
    const { taken, limits } = fakeLimits();
    const [group = '', name = ''] = path.split('.');
    const caller = createCallerFactory(router)(fakeContext({ limits })) as unknown as Record<
      string,
      Record<string, (input: unknown) => Promise<unknown>>
    >;
    await caller[group]?.[name]?.({ nonsense: true }).catch(() => {});
    const { type } = (procedure as unknown as { _def: { type: string } })._def;
    const wanted = type === 'mutation' ? ['requests', 'writes'] : ['requests'];
    expect([path, ...taken.map((text) => text.split(' ')[0])]).toEqual([path, ...wanted]);
  }
});
