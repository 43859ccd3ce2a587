import { subscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';

let fixture: ApiFixture;
let anna: TestUser;
let workflowId: string;
/** Requests of this process to the ledger, by function or table, as they go on the wire. */
const requests: string[] = [];
let answered = 0;

beforeAll(async () => {
  subscribe('undici:request:create', (message) => {
    const [path = ''] = (message as { request: { path: string } }).request.path.split('?');
    if (path.startsWith('/rest/v1/')) requests.push(path.split('/').at(-1) ?? '');
  });
  subscribe('undici:request:bodyChunkReceived', (message) => {
    const { request, chunk } = message as { request: { path: string }; chunk: Buffer };
    if (request.path.startsWith('/rest/v1/')) answered += chunk.length;
  });
  fixture = await startApiFixture();
  anna = await fixture.signUp('anna');
  ({ id: workflowId } = await anna.client.workflow.create.mutate(ORDER));
  // The first call of a user also finds out who they are, and the first start what the workflow takes.
  await anna.client.execution.createExecution.mutate({ workflowId });
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

async function askedBy(call: () => Promise<unknown>): Promise<string[]> {
  requests.length = 0;
  await call();
  return [...requests];
}

/** Bytes of the answers to what a call asks of the ledger. */
async function answeredBy(call: () => Promise<unknown>): Promise<number> {
  answered = 0;
  await call();
  return answered;
}

test('a start is two requests to the ledger: one admits it, one records that it runs and reads it', async () => {
  const start = () => anna.client.execution.createExecution.mutate({ workflowId });
  expect(await askedBy(start)).toEqual(['admit_execution', 'record_starts']);
  const repeated = () => anna.client.execution.createExecution.mutate({ workflowId, idempotencyKey: 'k' });
  expect(await askedBy(repeated)).toEqual(['admit_execution', 'record_starts']);
  expect(await askedBy(repeated)).toEqual(['admit_execution']);
});

test('no start is sent its input back by the ledger, and each is answered with it', async () => {
  const input = { note: 'x'.repeat(50_000) };
  const idempotencyKey = 'large';
  const { createExecution, createExecutions } = anna.client.execution;
  let started: unknown;
  const start = async () => {
    started = await createExecution.mutate({ workflowId, input, idempotencyKey });
  };
  expect(await answeredBy(start)).toBeLessThan(10_000);
  expect(started).toMatchObject({ status: 'running', input });
  const many = Array.from({ length: 3 }, () => ({ workflowId, input }));
  expect(await answeredBy(() => createExecutions.mutate({ executions: many }))).toBeLessThan(20_000);
  // Whoever repeats it sends an input too, but what was recorded is what counts.
  expect(await answeredBy(start)).toBeGreaterThan(50_000);
  expect(started).toMatchObject({ status: 'running', input });
});

test('many starts at once are two requests too, and three where Temporal refuses some', async () => {
  const nowhere = await anna.client.workflow.create.mutate({ ...ORDER, temporalNamespace: 'nowhere' });
  await anna.client.execution.createExecution.mutate({ workflowId: nowhere.id });
  const many = Array.from({ length: 30 }, (_, n) => ({ workflowId, input: n }));
  const start = (executions: { workflowId: string }[]) => anna.client.execution.createExecutions.mutate({ executions });
  expect(await askedBy(() => start(many))).toEqual(['admit_executions', 'record_open_document']);
  expect(await askedBy(() => start([...many, { workflowId: nowhere.id }]))).toEqual([
    'admit_executions',
    'record_open_document',
    'record_outcomes_document',
  ]);
});

test('what is asked of executions is noted in one request, and what became of it kept in another, however many they are; reports of progress are one a second', async () => {
  const start = () => anna.client.execution.createExecution.mutate({ workflowId });
  const ids = [(await start()).id, (await start()).id, (await start()).id];
  const { id: other } = await start();
  const { execution } = anna.client;
  const noted = ['note_requests', 'answer_requests'];
  expect(await askedBy(() => execution.signalExecutions.mutate({ ids, name: 'approve' }))).toEqual(noted);
  expect(await askedBy(() => execution.cancelExecutions.mutate({ ids }))).toEqual(noted);
  expect(await askedBy(() => execution.terminateExecutions.mutate({ ids, reason: 'x' }))).toEqual(noted);
  expect(await askedBy(() => execution.deleteExecutions.mutate({ ids }))).toEqual(['delete_executions']);
  expect(await askedBy(() => execution.getProgress.query({ id: other }))).toEqual(['progress_of']);
  const reports = Array.from({ length: 20 }, (_, step) => () => execution.reportProgress.mutate({ id: other, step }));
  // All within a second but the first, and therefore one.
  const reported = await askedBy(() => Promise.all(reports.map((report) => report())));
  expect(reported).toEqual(['report_progress', 'report_progress']);
  expect(await askedBy(() => execution.getRequests.query({ id: ids[0] as string }))).toEqual(['requests_of']);
});

test('a list, a count and statistics are one request each', async () => {
  const { listExecutions, getStats, countExecutions, getTimeSeries } = anna.client.execution;
  // What workflows are called is asked once a minute, also what others have published.
  const { items } = await listExecutions.query({ limit: 2 });
  expect(items.map(({ workflow }) => workflow)).toEqual([
    { id: workflowId, name: 'Order', redact: [] },
    { id: workflowId, name: 'Order', redact: [] },
  ]);
  // There are more than two: a page that is not full also asks whether the API cut it.
  expect(await askedBy(() => listExecutions.query({ limit: 2 }))).toHaveLength(1);
  expect(await askedBy(() => countExecutions.query({}))).toHaveLength(1);
  expect(await askedBy(() => getStats.query())).toHaveLength(1);
  const window = { from: '2026-11-01T00:00:00Z', to: '2026-11-08T00:00:00Z' };
  expect(await askedBy(() => getTimeSeries.query(window))).toHaveLength(1);
});

test('an execution with all that its page shows is one request', async () => {
  const { id } = await anna.client.execution.createExecution.mutate({ workflowId });
  expect(await askedBy(() => anna.client.execution.getExecution.query({ id }))).toEqual(['read_execution']);
  expect(await askedBy(() => anna.client.execution.getStory.query({ id }))).toEqual(['read_execution']);
  expect(await askedBy(() => anna.client.execution.explainExecution.query({ id }))).toEqual(['read_execution']);
  expect(await askedBy(() => anna.client.execution.compareExecutions.query({ id }))).toEqual(['compare_executions']);
});

test('nothing that is asked again and again of an execution reads what it was given', async () => {
  const input = { note: 'x'.repeat(50_000) };
  const { id } = await anna.client.execution.createExecution.mutate({ workflowId, input });
  const { getTimeline, getHealth, getStory, getProgress, getRequests, explainExecution, getExecution } =
    anna.client.execution;
  const asked = [getTimeline, getHealth, getStory, getProgress, getRequests, explainExecution];
  for (const { query } of asked) expect(await answeredBy(() => query({ id }))).toBeLessThan(10_000);
  expect(await answeredBy(() => getExecution.query({ id, payloads: false }))).toBeLessThan(10_000);
  expect(await answeredBy(() => getExecution.query({ id }))).toBeGreaterThan(50_000);
});

test('what a page shows of a workflow is one request each', async () => {
  const { getWorkflowStatistics, getFailureGroups, recentRuns, countByHealth } = anna.client.execution;
  expect(await askedBy(() => getWorkflowStatistics.query({ workflowId }))).toEqual(['get_workflow_statistics']);
  expect(await askedBy(() => getFailureGroups.query({ workflowId }))).toEqual(['get_failure_groups']);
  expect(await askedBy(() => recentRuns.query({ workflowIds: [workflowId] }))).toEqual(['recent_runs']);
  expect(await askedBy(() => countByHealth.query())).toEqual(['count_by_health']);
});
