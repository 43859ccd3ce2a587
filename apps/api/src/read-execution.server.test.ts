import { randomBytes } from 'node:crypto';
import type { RecordOutcome } from '@runledger/contracts';
import { EMPTY_OUTCOME } from '@runledger/contracts';
import { connectSupabase, createExecutionService, createLedger } from '@runledger/execution-service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import { refusalOf } from './fixtures/refusal.ts';
import { createMemoryStore } from './limits/rate-store.ts';
import { createUserLimits } from './limits/user-limits.ts';

let fixture: ApiFixture;
let anna: TestUser;
let ben: TestUser;
let workflowId: string;
let ledger: ReturnType<typeof createLedger>;
let service: ReturnType<typeof createExecutionService>;

beforeAll(async () => {
  fixture = await startApiFixture();
  [anna, ben] = await Promise.all([fixture.signUp('anna', { isOperator: true }), fixture.signUp('ben')]);
  ({ id: workflowId } = await anna.client.workflow.create.mutate({ ...ORDER, visibility: 'published' }));
  const supabase = connectSupabase({ url: fixture.supabase.url, key: fixture.supabase.serviceRoleKey });
  ledger = createLedger(supabase);
  service = createExecutionService(supabase);
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const start = (user: TestUser, input: unknown = null) =>
  user.client.execution.createExecution.mutate({ workflowId, input });

/** What the monitor records of an end, of five seconds ago. */
async function record(
  { id, temporalRunId }: { id: string; temporalRunId: string | null },
  outcome: Partial<RecordOutcome['outcome']>,
): Promise<void> {
  const runId = temporalRunId as string;
  const closedAt = new Date(Date.now() - 5_000).toISOString();
  const whole = { ...EMPTY_OUTCOME, status: 'completed' as const, runId, firstRunId: runId, closedAt, ...outcome };
  const [answer] = await ledger.recordOutcomes([{ executionId: id, source: 'feed', outcome: whole }]);
  expect(answer?.result).toBe('applied');
}

describe('getExecution', () => {
  test.each([
    ['gzip', 'gzip'],
    ['identity', null],
  ])(
    'several large ones in a batch come one after the other, by the encoding that is taken: %s',
    async (taken, sent) => {
      const input = Array.from({ length: 60_000 }, (_, n) => n);
      const started = [await start(ben, input), await start(ben, input), await start(ben, input)];
      const ids = Object.fromEntries(started.map(({ id }, n) => [n, { id }]));
      const calls = 'execution.getExecution,execution.getExecution,execution.getExecution';
      const search = new URLSearchParams({ batch: '1', input: JSON.stringify(ids) });
      const answer = await fetch(`${fixture.api.url}/trpc/${calls}?${search}`, {
        headers: { authorization: `Bearer ${ben.token}`, 'accept-encoding': taken },
      });
      expect([answer.status, answer.headers.get('content-encoding')]).toEqual([200, sent]);
      // Nobody knows how long they are before they have been sent.
      expect(answer.headers.get('content-length')).toBeNull();
      const answers = (await answer.json()) as { result: { data: { id: string; input: number[] } } }[];
      expect(answers.map(({ result }) => result.data.id)).toEqual(started.map(({ id }) => id));
      for (const { result } of answers) expect(result.data.input).toEqual(input);
    },
  );

  test.each([
    ['compressed', { 'accept-encoding': 'gzip' }],
    ['as they are', { 'accept-encoding': 'identity' }],
    ['as they come', { 'accept-encoding': 'identity', 'trpc-accept': 'application/jsonl' }],
  ])(
    'large ones, sent %s, keep a place of their user until they are sent, or their reader has left',
    async (_, taken: Record<string, string>) => {
      const free = { requestsPerMinute: null, writesPerMinute: null, storedBytesPerDay: null, streams: null };
      const userLimits = createUserLimits({ ...free, callsAtOnce: 5, placeMs: 5_000 }, createMemoryStore());
      await using api = await startApi(fixture.variables, { userLimits });
      // Of what cannot be compressed, so that most of it waits for its reader.
      const noise = Array.from({ length: 40 }, () => randomBytes(12_000).toString('base64'));
      const { id } = await start(ben, noise);
      const calls = Array(20).fill('execution.getExecution').join();
      const input = JSON.stringify(Object.fromEntries(Array.from({ length: 20 }, (_, n) => [n, { id }])));
      const url = `${api.url}/trpc/${calls}?${new URLSearchParams({ batch: '1', input })}`;
      const headers = { authorization: `Bearer ${ben.token}`, ...taken };
      const { getExecution } = api.clientWith(ben.token).execution;
      // From now on it is known whose the token is.
      await getExecution.query({ id });
      const leaves = new AbortController();
      for (let n = 0; n < 5; n += 1) {
        const { body } = await fetch(url, { headers, signal: leaves.signal });
        await body?.getReader().read();
      }
      expect((await refusalOf(getExecution.query({ id }))).code).toBe('rate_limited');
      leaves.abort();
      expect(await getExecution.query({ id })).toMatchObject({ input: noise });
    },
  );

  test('one that runs has all that its page shows', async () => {
    await fixture.publishProof('default', 1);
    const { id, startedAt } = await start(ben, { amount: 3 });
    const execution = await ben.client.execution.getExecution.query({ id });
    expect(execution).toMatchObject({
      ...{ id, status: 'running', workflow: { id: workflowId, name: 'Order' }, input: { amount: 3 } },
      ...{ inputBytes: 13, outputBytes: null, payloads: 'included', origin: 'api', usual: null, expectedBy: null },
      transitions: [
        {
          fromStatus: null,
          toStatus: 'pending',
          source: 'service',
          actor: { kind: 'you', id: ben.id },
          happenedAt: null,
        },
        { fromStatus: 'pending', toStatus: 'running', source: 'service', recordedAt: expect.any(String) },
      ],
      reports: [],
      health: null,
    });
    await fixture.supabase.database.query(
      `update runledger.execution_checks set health = 'late', reason = 'r', remedy = 'wait', last_check_at = now()
        where execution_id = $1`,
      [id],
    );
    const checked = await ben.client.execution.getExecution.query({ id });
    expect(checked.health).toMatchObject({
      health: 'late',
      reason: 'r',
      remedy: 'wait',
      checkedAt: expect.any(String),
    });
    expect(checked.health).toEqual(await ben.client.execution.getHealth.query({ id }));
    expect(checked.startedAt).toBe(startedAt);
  });

  test('by when it should have ended follows from how long its user’s latest ones took', async () => {
    for (const ms of [1_000, 2_000, 60_000]) {
      const direct = await service.createExecution({ workflowId, userId: ben.id });
      await service.markCompleted(direct.id, null, ms);
    }
    const { id, startedAt, engineStartedAt } = await start(ben);
    const { usual, expectedBy } = await ben.client.execution.getExecution.query({ id });
    expect(usual).toEqual({ p50: 2_000, p95: 60_000, p99: 60_000, of: 3, whose: 'own' });
    expect(Date.parse(expectedBy ?? '') - Date.parse(engineStartedAt ?? startedAt)).toBe(60_000);
    // What Ben ran is not Anna's to know, unless the workflow is hers.
    expect((await anna.client.execution.getExecution.query({ id: (await start(anna)).id })).usual).toMatchObject({
      ...{ of: 3, whose: 'everyone' },
    });
  });

  test('without payloads it still tells how large they are', async () => {
    const { id } = await start(ben, { note: 'x'.repeat(1_000) });
    const execution = await ben.client.execution.getExecution.query({ id, payloads: false });
    expect(execution).toMatchObject({ input: null, inputBytes: 1_012, payloads: 'left_out', status: 'running' });
    expect(JSON.stringify(execution)).not.toContain('xxx');
  });
});

describe('getStory', () => {
  test('says who did what, how late it was noticed, and nothing of who others are', async () => {
    const execution = await start(ben);
    await service.markFailed(execution.id, 'the card was declined', 5, { actor: 'worker-7@billing-host' });
    await record(execution, { status: 'terminated', errorMessage: 'ended', actor: anna.id, reason: 'a duplicate' });
    const story = await ben.client.execution.getStory.query({ id: execution.id });
    const ended = story.transitions.at(-1);
    expect(ended).toMatchObject({
      ...{ fromStatus: 'failed', toStatus: 'terminated', source: 'feed', authority: 'engine', reason: 'a duplicate' },
      actor: { kind: 'user', id: null, name: null },
    });
    expect(ended?.noticedAfterMs).toBeGreaterThanOrEqual(5_000);
    expect(Date.parse(ended?.recordedAt ?? '') - Date.parse(ended?.happenedAt ?? '')).toBe(ended?.noticedAfterMs);
    expect(story.reports).toMatchObject([
      { status: 'failed', result: 'applied', actor: { kind: 'program', id: null } },
    ]);
    const { runs, transitions } = await ben.client.execution.getExecution.query({ id: execution.id });
    expect({ runs, transitions }).toEqual({ runs: story.runs, transitions: story.transitions });
    for (const hidden of [anna.id, 'billing-host']) expect(JSON.stringify(story)).not.toContain(hidden);
  });
});

describe('explainExecution', () => {
  const explain = (id: string) => ben.client.execution.explainExecution.query({ id });

  test('says why it ended, the cause first, and what that rests on', async () => {
    const execution = await start(ben);
    const failure = {
      ...{ type: 'ActivityFailure', message: 'Activity task failed', activityType: 'chargeCard', attempts: 3 },
      cause: { type: 'CardError', message: 'Card declined' },
    };
    await record(execution, { status: 'failed', errorMessage: 'chargeCard failed', failure });
    expect(await explain(execution.id)).toEqual({
      sentence: 'Card declined: chargeCard gave up after 3 attempts',
      evidence: [
        {
          ...{ kind: 'transition', index: 2, at: expect.any(String) },
          text: expect.stringMatching(
            /^Recorded as failed, from the closure feed, .* after it happened; Temporal says so\.$/,
          ),
        },
      ],
      revision: (await ben.client.execution.getExecution.query({ id: execution.id })).revision,
    });
  });

  test('says how an open one stands, without who others are', async () => {
    const { id } = await start(ben);
    expect((await explain(id)).sentence).toMatch(/^Running for .*\./);
    const other = await start(ben);
    await record(other, { status: 'terminated', errorMessage: 'ended', actor: anna.id, reason: 'a duplicate' });
    const { sentence, evidence } = await explain(other.id);
    expect(sentence).toBe('Terminated by another user: a duplicate');
    expect(JSON.stringify(evidence)).not.toContain(anna.id);
  });
});

test('compareExecutions: beside the last that completed before it, with the inputs where they differ', async () => {
  const { compareExecutions } = ben.client.execution;
  const { id: other } = await ben.client.workflow.create.mutate(ORDER);
  const run = (input: unknown) => ben.client.execution.createExecution.mutate({ workflowId: other, input });
  const first = await run({ amount: 1, secret: 'first-secret' });
  expect(await compareExecutions.query({ id: first.id })).toMatchObject({
    other: null,
    steps: [],
    firstDifference: null,
  });
  await record(first, { status: 'completed' });
  await record(await run({ amount: 2 }), { status: 'failed', errorMessage: 'no' });
  const last = await run({ amount: 3, note: 'x' });
  const compared = await compareExecutions.query({ id: last.id });
  expect(compared).toMatchObject({
    ...{ execution: { id: last.id, status: 'running' }, other: { id: first.id, status: 'completed' } },
    input: [
      { path: 'note', change: 'added' },
      { path: 'amount', change: 'changed' },
      { path: 'secret', change: 'removed' },
    ],
  });
  expect(JSON.stringify(compared)).not.toContain('first-secret');
  expect((await compareExecutions.query({ id: last.id, with: last.id })).input).toEqual([]);
});

test('search finds an execution by whatever names it, and says what matched', async () => {
  const execution = await start(ben);
  const { id, temporalRunId } = execution;
  const search = async (text: string) =>
    (await ben.client.execution.search.query({ text })).map((found) => [found.matched, found.execution.id]);
  expect(await search(` ${id} `)).toEqual([['id', id]]);
  const backend = await service.createExecution({
    ...{ workflowId, userId: ben.id, temporalWorkflowId: 'order-42', temporalRunId: 'r-42' },
  });
  expect(await search('order-42')).toEqual([['temporal_workflow_id', backend.id]]);
  await record(execution, {
    ...{ status: 'failed', errorMessage: 'the zebra was late' },
    runs: [
      {
        ...{ runId: temporalRunId as string, runNumber: 1, cause: 'start', previousRunId: null, status: 'failed' },
        ...{ startedAt: execution.startedAt, closedAt: execution.startedAt, errorMessage: null, wasEnd: true },
      },
    ],
  });
  expect(await search(temporalRunId as string)).toEqual([['run_id', id]]);
  expect(await search('zebra')).toEqual([['text', id]]);
  expect(await search('no such words')).toEqual([]);
});

describe('who or what started it', () => {
  test('the API, a backend, a schedule, something else in Temporal, an import, or nobody knows', async () => {
    const origin = async (id: string) => (await ben.client.execution.getExecution.query({ id })).origin;
    const own = { workflowId, userId: ben.id };
    expect(await origin((await service.createExecution(own)).id)).toBe('backend');
    const adopt = async (temporalWorkflowId: string, transition: object) => {
      const [row] = await fixture.supabase.database.query<{ id: string }>(
        `insert into runledger.workflow_executions (workflow_id, created_by, temporal_workflow_id, temporal_run_id, last_transition)
           values ($1, $2, $3, 'r', $4::jsonb) returning id`,
        [workflowId, ben.id, temporalWorkflowId, JSON.stringify(transition)],
      );
      return row?.id ?? '';
    };
    expect(await origin(await adopt('nightly-2026-11-21T09:00:00Z', { source: 'feed' }))).toBe('schedule');
    expect(await origin(await adopt('by-hand', { source: 'feed' }))).toBe('adopted');
    expect(await origin(await adopt('old', { source: 'service', reason: 'imported' }))).toBe('import');
    expect(await origin(await adopt('odd', {}))).toBe('unknown');
  });
});
