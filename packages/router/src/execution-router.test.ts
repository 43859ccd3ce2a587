import type { ExecutionFilter, ExecutionPage, Scope } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { callRouter, refusalOf } from './fake-call.ts';
import {
  ANNA,
  BEN,
  fakeContext,
  fakeExecution,
  fakeWorkflow,
  fakeWorkflows,
  STATS,
  WORKFLOW_ID,
} from './fake-context.ts';

const {
  input: _i,
  output: _o,
  outputNote: _n,
  failure: _f,
  stateSnapshot: _s,
  workflow: _w,
  ...summary
} = fakeExecution();
const page = (nextCursor: string | null): ExecutionPage => Object.assign([summary], { nextCursor }) as ExecutionPage;

describe('listExecutions', () => {
  const listWith = async (request?: Parameters<ReturnType<typeof callRouter>['execution']['listExecutions']>[0]) => {
    const asked: [Scope, ExecutionFilter, object][] = [];
    const list = async (...args: (typeof asked)[number]) => {
      asked.push(args);
      return page('next');
    };
    const answer = await callRouter(fakeContext({ reader: { list } })).execution.listExecutions(request);
    return { answer, asked };
  };

  test('answers a page and the cursor of the next', async () => {
    const { answer } = await listWith();
    expect(answer).toEqual({ items: [summary], nextCursor: 'next' });
  });

  test('is within the caller’s scope, 50 by default, and passes the filter on', async () => {
    expect((await listWith()).asked).toEqual([[{ userId: ANNA }, {}, { limit: 50, cursor: null }]]);
    const from = '2026-11-21T09:00:00.123456+01:00';
    const { asked } = await listWith({ status: 'failed', workflowId: WORKFLOW_ID, from, limit: 10, cursor: 'c' });
    expect(asked).toEqual([
      [{ userId: ANNA }, { status: ['failed'], workflowId: WORKFLOW_ID, from }, { limit: 10, cursor: 'c' }],
    ]);
  });

  test.each([
    ['limit', { limit: 201 }],
    ['limit', { limit: 0 }],
    ['from', { from: 'yesterday' }],
    ['status', { status: ['unknown'] }],
    ['workflowId', { workflowId: "' or true" }],
  ])('refuses a wrong %s and says so', async (field, request) => {
    const refusal = await refusalOf(callRouter(fakeContext()).execution.listExecutions(request as never));
    expect(refusal.executionCode).toBe('invalid_input');
    expect(Object.keys(refusal.fields ?? {}).join()).toContain(field);
  });
});

describe('getWorkflowStatistics', () => {
  const statisticsOf = async (owner: string) => {
    const scopes: Scope[] = [];
    const context = fakeContext({
      workflows: fakeWorkflows({ getWorkflow: async () => fakeWorkflow({ userId: owner, visibility: 'published' }) }),
      reader: {
        stats: async (scope) => {
          scopes.push(scope);
          return STATS;
        },
      },
    });
    const answer = await callRouter(context).execution.getWorkflowStatistics({ workflowId: WORKFLOW_ID });
    return { of: answer.of, scopes };
  };

  test('counts all users’ executions for the workflow’s owner', async () => {
    expect(await statisticsOf(ANNA)).toEqual({
      of: 'everyone',
      scopes: [{ userId: ANNA, ownedWorkflowId: WORKFLOW_ID }],
    });
  });

  test('counts the caller’s own for everybody else', async () => {
    expect(await statisticsOf(BEN)).toEqual({ of: 'caller', scopes: [{ userId: ANNA }] });
  });

  test('finds nothing where the caller may not use the workflow', async () => {
    const context = fakeContext({ workflows: fakeWorkflows({ getWorkflow: async () => null }) });
    const refusal = await refusalOf(callRouter(context).execution.getWorkflowStatistics({ workflowId: WORKFLOW_ID }));
    expect(refusal.executionCode).toBe('not_found');
  });
});
