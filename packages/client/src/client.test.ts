import { describe, expect, test } from 'vitest';
import type { RunledgerClient } from './client.ts';
import { createRunledgerClient } from './client.ts';
import {
  errorFields,
  exceededQuota,
  executionErrorCode,
  isWorthRetrying,
  reachedLimit,
  retryAfterMs,
} from './client-error.ts';

const url = 'http://localhost/trpc';
const ok = (data: unknown) => ({ result: { data } });
const refused = (httpStatus: number, executionCode: string, fields: object | null = null) => ({
  error: {
    message: 'no',
    code: -32000,
    data: { code: 'X', httpStatus, path: 'x', executionCode, fields, requestId: 'r' },
  },
});

/** A server that answers every call of every request so, and keeps the requests. */
function fakeServer(answer: object, status = 200) {
  const requests: { paths: string[]; authorization: string | null }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { pathname, searchParams } = new URL(String(input));
    const paths = pathname.replace('/trpc/', '').split(',');
    requests.push({ paths, authorization: new Headers(init?.headers).get('authorization') });
    return Response.json(searchParams.has('batch') ? paths.map(() => answer) : answer, { status });
  };
  return { fetch, requests };
}

async function failureWith(answer: object, status: number): Promise<unknown> {
  const { fetch } = fakeServer(answer, status);
  const client = createRunledgerClient({ url, getToken: () => null, fetch });
  return client.execution.getRunCount.query().catch((error: unknown) => error);
}

describe('requests', () => {
  test('calls of one tick share a request, twenty at most', async () => {
    const { fetch, requests } = fakeServer(ok(0));
    const client = createRunledgerClient({ url, getToken: () => null, fetch });
    await Promise.all(Array.from({ length: 25 }, () => client.execution.getRunCount.query()));
    expect(requests.map(({ paths }) => paths.length)).toEqual([20, 5]);
  });

  test('what counts or asks Temporal goes alone, so that nothing waits for it', async () => {
    const { fetch, requests } = fakeServer(ok({}));
    const client = createRunledgerClient({ url, getToken: () => null, fetch });
    await Promise.all([
      client.execution.listExecutions.query(),
      client.execution.getStats.query(),
      client.execution.getWorkflowStatistics.query({ workflowId: 'w' }),
      client.execution.countExecutions.query({ status: 'failed' }),
      client.workflow.list.query(),
      client.execution.getTimeline.query({ id: 'e' }),
      client.execution.explainExecution.query({ id: 'e' }),
    ]);
    expect(requests.map(({ paths }) => paths.join()).sort()).toEqual([
      'execution.countExecutions',
      'execution.explainExecution',
      'execution.getStats',
      'execution.getTimeline',
      'execution.getWorkflowStatistics',
      'execution.listExecutions,workflow.list',
    ]);
  });

  test('every request asks for the token, so that a refreshed one is used at once', async () => {
    const tokens = ['first', 'second', null];
    const { fetch, requests } = fakeServer(ok(0));
    const client = createRunledgerClient({ url, getToken: async () => tokens.shift() ?? null, fetch });
    for (const _ of [1, 2, 3]) await client.execution.getRunCount.query();
    expect(requests.map(({ authorization }) => authorization)).toEqual(['Bearer first', 'Bearer second', null]);
  });
});

test('a wrong call does not compile', () => {
  const _neverCalled = ({ execution }: RunledgerClient) => [
    // @ts-expect-error: a workflow's statistics need the workflow.
    execution.getWorkflowStatistics.query({}),
    // @ts-expect-error: there is no such status.
    execution.listExecutions.query({ status: 'succeeded' }),
    // @ts-expect-error: a list is of the caller's own executions or of everyone's; a user is a part of the filter.
    execution.listExecutions.query({ of: 'ben' }),
    // @ts-expect-error: a query is not a mutation.
    execution.getStats.mutate(),
  ];
});

describe('errors', () => {
  test('our code and the fields are read from a failed call', async () => {
    const error = await failureWith(refused(422, 'input_rejected', { 'input.amount': ['must be >= 1'] }), 422);
    expect(executionErrorCode(error)).toBe('input_rejected');
    expect(errorFields(error)).toEqual({ 'input.amount': ['must be >= 1'] });
    expect(isWorthRetrying(error)).toBe(false);
  });

  test('an outage is worth trying again, a refusal is not', async () => {
    expect(isWorthRetrying(await failureWith(refused(503, 'engine_unavailable'), 503))).toBe(true);
    expect(isWorthRetrying(await failureWith(refused(404, 'not_found'), 404))).toBe(false);
    expect(isWorthRetrying(await failureWith(refused(500, 'internal'), 500))).toBe(false);
  });

  test('a quota that is used up says which and when it frees; trying again at once helps nobody', async () => {
    const quota = {
      kind: 'executionsPerHour',
      limit: 5,
      used: 5,
      freesAt: '2026-11-21T10:00:00+00:00',
      workflowId: null,
    };
    const answer = refused(429, 'quota_exceeded');
    Object.assign(answer.error.data, { quota });
    const error = await failureWith(answer, 429);
    expect([exceededQuota(error), isWorthRetrying(error)]).toEqual([quota, false]);
    expect(exceededQuota(await failureWith(refused(404, 'not_found'), 404))).toBeNull();
  });

  test('a limit of the API says which, and is worth trying again after as long as it says', async () => {
    const limit = { name: 'writes', limit: 600, windowMs: 60_000, retryAfterMs: 1_500 };
    const answer = refused(429, 'rate_limited');
    Object.assign(answer.error.data, { limit });
    const error = await failureWith(answer, 429);
    expect([reachedLimit(error), retryAfterMs(error), isWorthRetrying(error)]).toEqual([limit, 1_500, true]);
    expect(retryAfterMs(await failureWith(refused(503, 'ledger_unavailable'), 503))).toBeNull();
    expect(retryAfterMs(new Error('of something else'))).toBeNull();
  });

  test('a network that is down has no code and is worth trying again', async () => {
    const fetch = () => Promise.reject(new TypeError('fetch failed'));
    const client = createRunledgerClient({ url, getToken: () => null, fetch });
    const error = await client.execution.getRunCount.query().catch((reason: unknown) => reason);
    expect(executionErrorCode(error)).toBeNull();
    expect(isWorthRetrying(error)).toBe(true);
  });

  test('an error that is not of a call has no code and is not repeated', () => {
    expect(executionErrorCode(new Error('x'))).toBeNull();
    expect(isWorthRetrying(new Error('x'))).toBe(false);
  });
});
