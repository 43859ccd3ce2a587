import type { ExecutionFilter, ExecutionPage, Scope } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { callRouter, refusalOf } from './fake-call.ts';
import {
  ANNA,
  BEN,
  fakeContext,
  fakeExecution,
  fakeLedger,
  fakeWorkflow,
  fakeWorkflows,
  STATS,
  WORKFLOW_ID,
} from './fake-context.ts';

const {
  input: _i,
  output: _o,
  inputNote: _in,
  outputNote: _n,
  failure: _f,
  stateSnapshot: _s,
  workflow: _w,
  ...summary
} = fakeExecution();
const AT = { window: { from: '2026-11-20T09:00:00Z' }, asOf: '2026-11-21T09:00:00Z' };
const state = { health: null, reason: null, remedy: null, checkedAt: null, failureGroup: null };
const page = (nextCursor: string | null): ExecutionPage =>
  Object.assign([{ ...summary, ...state }], { nextCursor, searchedUntil: null, ...AT }) as ExecutionPage;

/** What its workflow is called. */
const named = fakeLedger({
  describeRows: async () => ({
    workflows: { [WORKFLOW_ID]: { name: 'Order', redact: [] } },
    users: { [ANNA]: 'Anna' },
    usual: {},
  }),
});
const listed = {
  ...summary,
  ...state,
  ...{ workflow: { id: WORKFLOW_ID, name: 'Order', redact: [] }, userName: 'Anna', usual: null, expectedBy: null },
};

describe('listExecutions', () => {
  const listWith = async (request?: Parameters<ReturnType<typeof callRouter>['execution']['listExecutions']>[0]) => {
    const asked: [Scope, ExecutionFilter, object][] = [];
    const list = async (...args: (typeof asked)[number]) => {
      asked.push(args);
      return page('next');
    };
    const answer = await callRouter(fakeContext({ ledger: named, reader: { list } })).execution.listExecutions(request);
    return { answer, asked };
  };

  test('answers a page and the cursor of the next', async () => {
    const { answer } = await listWith();
    expect(answer).toEqual({ items: [listed], nextCursor: 'next', searchedUntil: null, ...AT, ignored: [] });
  });

  test('is within the caller’s scope, 50 by default, and passes the filter on', async () => {
    const newestFirst = { orderBy: 'started_at', orderDirection: 'desc' };
    expect((await listWith()).asked).toEqual([[{ userId: ANNA }, {}, { limit: 50, cursor: null, ...newestFirst }]]);
    const from = '2026-11-21T09:00:00.123456+01:00';
    const filter = {
      workflowId: WORKFLOW_ID,
      from,
      verdict: 'rejected',
      minDurationMs: 1,
      maxDurationMs: 2,
      tags: ['a'],
      allTags: ['b'],
      health: ['lost' as const],
      failureGroup: '0123456789abcdef',
      text: 'declined',
      ids: ['order-1'],
    };
    const order = { orderBy: 'duration' as const, orderDirection: 'asc' as const };
    const { asked } = await listWith({ ...filter, ...order, status: 'failed', limit: 10, cursor: 'c' });
    expect(asked).toEqual([
      [{ userId: ANNA }, { ...filter, status: ['failed'] }, { ...order, limit: 10, cursor: 'c' }],
    ]);
  });

  test('takes a filter as text or as an object; what stands beside it counts more, and what it does not know is named', async () => {
    const { answer, asked } = await listWith({
      filter: 'status=failed,ill&from=-24h&colour=red',
      tags: ['a'],
    });
    expect(asked[0]?.slice(0, 2)).toEqual([{ userId: ANNA }, { status: ['failed'], from: '-24h', tags: ['a'] }]);
    expect(answer.ignored).toEqual(['colour', 'status=ill']);
    const whole = { status: 'failed' as const, verdict: 'late' };
    const beside = await listWith({ filter: whole, status: ['completed'] });
    expect(beside.asked[0]?.[1]).toEqual({ status: ['completed'], verdict: 'late' });
    const tooShort = callRouter(fakeContext({})).execution.listExecutions({ filter: 'text=no' });
    expect(await refusalOf(tooShort)).toMatchObject({
      executionCode: 'invalid_input',
      fields: { text: [expect.any(String)] },
    });
  });

  test('has no say in whose executions it shows', async () => {
    for (const filter of [{ userId: BEN }, { filter: `user=${BEN}` }, { userIds: [ANNA], filter: `userId=${BEN}` }]) {
      const { asked } = await listWith(filter);
      // What the ledger finds of Ben's among Anna's own is nothing.
      expect(asked.map(([scope, filter]) => [scope, filter])).toEqual([[{ userId: ANNA }, { userIds: [BEN] }]]);
    }
    const { asked } = await listWith({ filter: `user=${BEN}&user=${ANNA}` });
    expect(asked.map(([scope, filter]) => [scope, filter])).toEqual([[{ userId: ANNA }, {}]]);
    const everybodys = callRouter(fakeContext({})).execution.listExecutions({ of: 'everyone' });
    expect(await refusalOf(everybodys)).toMatchObject({ executionCode: 'permission_denied' });
  });

  test.each([
    ['limit', { limit: 201 }],
    ['limit', { limit: 0 }],
    ['from', { from: 'yesterday' }],
    ['status', { status: ['unknown'] }],
    ['workflowId', { workflowId: "' or true" }],
    ['text', { text: 'no' }],
    ['ids', { ids: Array.from({ length: 101 }, String) }],
    ['tags', { tags: ['x'.repeat(201)] }],
    ['failureGroup', { failureGroup: 'declined' }],
    ['orderBy', { orderBy: 'input' }],
  ])('refuses a wrong %s and says so', async (field, request) => {
    const refusal = await refusalOf(callRouter(fakeContext()).execution.listExecutions(request as never));
    expect(refusal.executionCode).toBe('invalid_input');
    expect(Object.keys(refusal.fields ?? {}).join()).toContain(field);
  });
});

describe('a workflow’s executions', () => {
  const COUNT = { count: 1, exactness: 'exact' as const, limit: 1000, asOf: '2026-11-21T09:00:00+00:00', window: {} };
  const callAs = (owner: string | null, maySeeRows = false, asked: [string, Scope, ExecutionFilter][] = []) =>
    callRouter(
      fakeContext({
        workflows: fakeWorkflows({
          getWorkflow: async () => (owner === null ? null : fakeWorkflow({ userId: owner, visibility: 'published' })),
        }),
        ledger: named,
        reader: {
          list: async (scope, filter) => {
            asked.push(['list', scope, filter]);
            return page(null);
          },
          count: async (scope, filter) => {
            asked.push(['count', scope, filter]);
            return COUNT;
          },
          topFailures: async () => [],
        },
      }),
      { maySeeRows: () => maySeeRows },
    ).execution;

  test('are those of all users to its owner, who may ask for one of them where the host shows rows', async () => {
    const asked: [string, Scope, ExecutionFilter][] = [];
    const execution = callAs(ANNA, true, asked);
    const request = { workflowId: WORKFLOW_ID, userId: BEN };
    expect(await execution.countWorkflowExecutions(request)).toEqual({ ...COUNT, ignored: [] });
    expect((await execution.listWorkflowExecutions(request)).items).toEqual([listed]);
    const scope = { userId: ANNA, ownedWorkflowId: WORKFLOW_ID };
    expect(asked).toEqual([
      ['count', scope, request],
      ['list', scope, request],
    ]);
  });

  test('are counted for its owner by how they went and when, whatever the host shows', async () => {
    const filters = [{}, { status: 'failed' as const }, { from: '2026-11-21T09:00:00Z', minDurationMs: 5 }];
    for (const filter of filters)
      expect(await callAs(ANNA).countWorkflowExecutions({ workflowId: WORKFLOW_ID, ...filter })).toEqual({
        ...COUNT,
        ignored: [],
      });
  });

  type Calls = ReturnType<typeof callAs>;
  const count = (filter: object) => (execution: Calls) =>
    execution.countWorkflowExecutions({ workflowId: WORKFLOW_ID, ...filter });
  const rows: [string, (execution: Calls) => Promise<unknown>][] = [
    ['a list', (execution) => execution.listWorkflowExecutions({ workflowId: WORKFLOW_ID })],
    ['kinds of failures', (execution) => execution.getTopFailures({ workflowId: WORKFLOW_ID, of: 'everyone' })],
    ['a count of one user’s', count({ userId: BEN })],
    ['a count by tag', count({ tags: ['patient-7'] })],
    ['a count by all tags', count({ allTags: ['patient-7'] })],
    ['a count by a text in the error', count({ text: 'declined' })],
    ['a count by kind of failure', count({ failureGroup: '0123456789abcdef' })],
    ['a count by verdict', count({ verdict: 'rejected' })],
    ['a count by id', count({ ids: ['order-7'] })],
  ];
  test.each(rows)(
    '%s says what is in others’ rows: its owner has it only where the host shows rows',
    async (_, call) => {
      await call(callAs(ANNA, true));
      expect(await refusalOf(call(callAs(ANNA)))).toMatchObject({
        code: 'FORBIDDEN',
        executionCode: 'permission_denied',
        message: expect.stringContaining('getWorkflowStatistics'),
      });
    },
  );

  test.each([
    [BEN, 'permission_denied'],
    [null, 'not_found'],
  ])('are nobody else’s business (owner %s: %s)', async (owner, code) => {
    for (const call of ['listWorkflowExecutions', 'countWorkflowExecutions'] as const) {
      const refusal = await refusalOf(callAs(owner)[call]({ workflowId: WORKFLOW_ID }));
      expect(refusal.executionCode).toBe(code);
    }
  });
});

test('countExecutions counts within the caller’s scope', async () => {
  const count = async (...args: [Scope, ExecutionFilter]) => ({
    count: args[0].userId === ANNA && args[0].ownedWorkflowId === undefined ? 7 : 0,
    exactness: 'capped' as const,
    limit: 1000,
    asOf: args[1].text ?? '',
    window: {},
  });
  const answer = await callRouter(fakeContext({ reader: { count } })).execution.countExecutions({ text: 'declined' });
  expect(answer).toMatchObject({ count: 7, exactness: 'capped', asOf: 'declined' });
});

describe('getWorkflowStatistics', () => {
  const statisticsOf = (answer: 'everyone' | 'caller' | null) => {
    const asked: string[] = [];
    const context = fakeContext({
      reader: {
        workflowStats: async (userId, window) => {
          asked.push(userId, window.workflowId);
          return answer && { ...STATS, of: answer };
        },
      },
    });
    return { asked, call: () => callRouter(context).execution.getWorkflowStatistics({ workflowId: WORKFLOW_ID }) };
  };

  test.each(['everyone', 'caller'] as const)('is asked for its caller, and says that it is of %s', async (of) => {
    const { asked, call } = statisticsOf(of);
    expect(await call()).toMatchObject({ of, total: 0 });
    expect(asked).toEqual([ANNA, WORKFLOW_ID]);
  });

  test('finds nothing where the caller may not use the workflow', async () => {
    expect((await refusalOf(statisticsOf(null).call())).executionCode).toBe('not_found');
  });
});
