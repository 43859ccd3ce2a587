/**
 * Nobody learns from an answer what others run, nor how much: whatever Anna does in a workflow that both use, all that Ben reads
 * stays as it was, and what he writes is answered as it would have been.
 */
import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { withinOneHour } from '@runledger/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import { callProcedure, procedures } from './fixtures/procedures.ts';

let fixture: ApiFixture;
let anna: TestUser;
let ben: TestUser;
let publishedId: string;
let openId: string;
let endedId: string;
let viewId: string;
let failureGroup: string;
let service: ReturnType<typeof createExecutionService>;

const KEY = 'nightly';
const sql = (text: string, ...values: unknown[]) => fixture.supabase.database.query(text, values);

/** One of each kind, of a user, in the published workflow. */
async function fill(user: TestUser): Promise<{ open: string; completed: string; failed: string }> {
  const of = { workflowId: publishedId, userId: user.id };
  const start = (tags: string[]) => service.createExecution({ ...of, tags });
  const [open, completed, failed] = [await start(['monthly']), await start(['monthly']), await start(['daily'])];
  await service.markCompleted(completed.id, { total: 1 }, 4_321);
  await service.markFailed(failed.id, { type: 'CardDeclined', message: 'the card was declined' }, 1_234);
  return { open: open.id, completed: completed.id, failed: failed.id };
}

beforeAll(async () => {
  fixture = await startApiFixture();
  [anna, ben] = await Promise.all([fixture.signUp('anna'), fixture.signUp('ben')]);
  const olga = await fixture.signUp('olga', { isOperator: true });
  ({ id: publishedId } = await olga.client.workflow.create.mutate({ ...ORDER, visibility: 'published' }));
  service = createExecutionService(
    connectSupabase({ url: fixture.supabase.url, key: fixture.supabase.serviceRoleKey }),
  );
  await fixture.publishProof('default', 0);
  await sql(
    'insert into runledger.execution_quotas (user_id, workflow_id, executions_per_month, concurrent_executions) values (null, null, 900, 800), (null, $1, 700, 600)',
    publishedId,
  );
  ({ open: openId, failed: endedId } = await fill(ben));
  ({ id: viewId } = await ben.client.execution.saveView.mutate({ name: 'mine', filter: 'status=failed' }));
  await ben.client.execution.createExecution.mutate({ workflowId: publishedId, idempotencyKey: KEY });
  failureGroup = (await ben.client.execution.getTopFailures.query())[0]?.failureGroup as string;
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const workflowIds = () => ({ workflowIds: [publishedId] });
const day = { from: '-24h', step: 'hour' };
/** Every query, and what Ben asks it. One that is missing fails; `null` says why it is not asked. */
const ASKED: Record<string, (() => object[]) | null> = {
  'execution.getExecution': () => [{ id: openId }, { id: endedId }],
  'execution.getStory': () => [{ id: endedId }],
  'execution.explainExecution': () => [{ id: endedId }],
  'execution.compareExecutions': () => [{ id: endedId }],
  'execution.decodePayloads': () => [{ id: endedId }],
  'execution.getHealth': () => [{ id: openId }],
  'execution.getTimeline': () => [{ id: endedId }],
  'execution.listExecutions': () => [{}, { tags: ['monthly'] }, { filter: 'text=declined' }],
  'execution.listWorkflowExecutions': () => [{ workflowId: publishedId }],
  'execution.countExecutions': () => [{}, { tags: ['monthly'] }],
  'execution.countWorkflowExecutions': () => [{ workflowId: publishedId }],
  'execution.getStats': () => [{}, { by: 'end', from: '-24h' }, { filter: 'tag=monthly', from: '-24h' }],
  'execution.getWorkflowStatistics': () => [
    { workflowId: publishedId },
    { workflowId: publishedId, of: 'everyone' },
    { workflowId: publishedId, filter: 'status=failed' },
  ],
  'execution.getTimeSeries': () => [day, { ...day, workflowId: publishedId }, { ...day, of: 'everyone' }],
  'execution.getTopWorkflows': () => [{}],
  'execution.getTopFailures': () => [{}, { workflowId: publishedId }],
  'execution.getFailureGroups': () => [{}, { workflowId: publishedId }],
  'execution.getFailureUsers': () => [{ workflowId: publishedId, failureGroup }],
  'execution.recentRuns': () => [workflowIds()],
  'execution.countByHealth': () => [{}, { workflowId: publishedId }],
  'execution.getRunCount': () => [{}, { workflowId: publishedId }],
  'execution.getWorkflowCounters': () => [{}, { of: 'everyone' }],
  'execution.search': () => [{ text: 'declined' }, { text: KEY }, { text: 'monthly' }],
  'execution.getUserNames': () => [{ ids: [ben.id, anna.id] }],
  'execution.watchExecution': () => [{ id: endedId }],
  'execution.watchExecutions': () => [{}],
  'execution.watchStats': () => [{}],
  'execution.getQuotas': () => [{}, { workflowId: publishedId }],
  'execution.getRequests': () => [{ id: endedId }],
  'execution.getProgress': () => [{ id: openId }],
  'execution.listViews': () => [{}],
  'execution.getView': () => [{ id: viewId }],
  'workflow.list': () => [{}],
  'workflow.get': () => [{ id: publishedId }],
  'key.list': () => [{}],
  'system.getProof': () => [{}],
  'system.getNamespaces': () => [{}],
  // Tells whether servers answer.
  'system.health': null,
};

/** Told of the moment at which it is asked, and where the ledger is, which are nobody's; rates, of their windows too. */
const OF_THE_MOMENT =
  /"(asOf|from|to|at|requestId|nextCursor|checkedAt|elapsedMs|percent|startedPerHour|endedPerHour)":("[^"]*"|[\d.]+|null)/g;

async function allThatBenReads(): Promise<Record<string, string>> {
  // One that keeps nothing of before.
  await using api = await startApi(fixture.variables);
  const read: Record<string, string> = {};
  for (const procedure of procedures().filter(({ type }) => type !== 'mutation')) {
    for (const asked of ASKED[procedure.path]?.() ?? []) {
      const json = JSON.stringify(asked);
      const headers = { authorization: `Bearer ${ben.token}` };
      const { status, text } = await callProcedure(api.fetch, procedure, { json, headers });
      // Events have where the ledger is as their id.
      const said = text.replace(/^(id|retry): .*$/gm, '').replace(OF_THE_MOMENT, '"$1":…');
      read[`${procedure.path} ${json}`] = `${status} ${said}`;
    }
  }
  return read;
}

test('every query is asked', () => {
  const queries = procedures().filter(({ type }) => type !== 'mutation');
  expect(Object.keys(ASKED).sort()).toEqual(queries.map(({ path }) => path).sort());
});

test('whatever others run in a workflow that both may use, one reads the same', { timeout: 240_000 }, async () => {
  await withinOneHour(90);
  const before = await allThatBenReads();
  expect(await allThatBenReads()).toEqual(before);
  for (let n = 0; n < 12; n += 1) await fill(anna);
  await anna.client.execution.createExecution.mutate({ workflowId: publishedId, idempotencyKey: KEY, input: { n: 1 } });
  await anna.client.execution.saveView.mutate({ name: 'mine', filter: 'status=failed' });
  const { id: own } = await anna.client.workflow.create.mutate(ORDER);
  for (const workflowId of [own, publishedId])
    await anna.client.execution.createExecutions.mutate({ executions: Array(20).fill({ workflowId }) });
  await anna.client.key.create.mutate({ name: 'program', scopes: ['read'] });
  await fixture.publishProof('default', 40);
  const after = await allThatBenReads();
  for (const [asked, answer] of Object.entries(before)) expect(after[asked], asked).toBe(answer);
  // Anna reads other things by now.
  expect((await anna.client.execution.getStats.query()).total).toBeGreaterThan(50);
});

test('whatever others have started, named and used, one’s own writes are answered as if they had not', async () => {
  const again = await ben.client.execution.createExecution.mutate({ workflowId: publishedId, idempotencyKey: KEY });
  expect(again).toMatchObject({ createdBy: ben.id, input: null });
  const annas = await anna.client.execution.createExecution.mutate({
    ...{ workflowId: publishedId, idempotencyKey: 'annas', input: { n: 1 } },
  });
  // Neither "used with another input" nor Anna's.
  const bens = await ben.client.execution.createExecution.mutate({ workflowId: publishedId, idempotencyKey: 'annas' });
  expect([bens.createdBy, bens.id === annas.id]).toEqual([ben.id, false]);
  const view = { name: 'Anna’s view', filter: 'status=failed' };
  await anna.client.execution.saveView.mutate(view);
  await ben.client.execution.saveView.mutate(view);
  await anna.client.workflow.create.mutate({ ...ORDER, name: 'The same name' });
  await ben.client.workflow.create.mutate({ ...ORDER, name: 'The same name' });
});

test('how much a quota of everybody’s leaves is counted for each: others’ use takes nothing from it, nor shows in a refusal', async () => {
  const quotas = await ben.client.execution.getQuotas.query({ workflowId: publishedId });
  const own = (await ben.client.execution.getStats.query({ workflowId: publishedId })).total;
  const monthly = quotas.filter(({ kind }) => kind === 'executionsPerMonth');
  expect(monthly.length).toBe(2);
  for (const { used } of monthly) expect(used).toBeLessThanOrEqual(own);
  await sql(
    'update runledger.execution_quotas set executions_per_month = $2 where workflow_id = $1',
    publishedId,
    monthly.find(({ workflowId }) => workflowId !== null)?.used,
  );
  const refused = await ben.client.execution.createExecution
    .mutate({ workflowId: publishedId })
    .catch((error: Error) => error.message);
  expect(refused).toContain('of them are used');
  // Anna has used more, and Ben is told of his own.
  const annas = await anna.client.execution.getQuotas.query({ workflowId: publishedId });
  expect(Math.max(...annas.map(({ used }) => used))).toBeGreaterThan(own);
});
