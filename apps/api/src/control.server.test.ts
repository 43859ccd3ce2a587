import { connectEngine } from '@runledger/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';
import { endNow as endRecorded } from './fixtures/end-now.ts';
import { refusalOf } from './fixtures/refusal.ts';

let fixture: ApiFixture;
let anna: TestUser;
let workflowId: string;
let temporal: ReturnType<typeof connectEngine>;

beforeAll(async () => {
  fixture = await startApiFixture();
  temporal = connectEngine({ address: fixture.temporal.address });
  anna = await fixture.signUp('anna');
  ({ id: workflowId } = await anna.client.workflow.create.mutate(ORDER));
});
afterAll(async () => {
  await temporal?.close();
  await fixture?.[Symbol.asyncDispose]();
});

const start = (more: object = {}) => anna.client.execution.createExecution.mutate({ workflowId, ...more });
const historyOf = async (id: string) => {
  const execution = { workflowId: id };
  const { history } = await temporal.workflowService.getWorkflowExecutionHistory({ namespace: 'default', execution });
  return history?.events ?? [];
};
/** Completes the workflow task that waits, as a worker would whose workflow then waits for something. */
async function completeTask(id: string): Promise<void> {
  const { workflowService } = temporal;
  const taskQueue = { name: ORDER.taskQueue };
  const asked = { namespace: 'default', taskQueue, identity: 'worker of the test' };
  for (;;) {
    const task = await temporal.withDeadline(Date.now() + 60_000, () => workflowService.pollWorkflowTaskQueue(asked));
    if (!task.taskToken?.length) continue;
    await workflowService.respondWorkflowTaskCompleted({ namespace: 'default', taskToken: task.taskToken });
    if (task.workflowExecution?.workflowId === id) return;
  }
}

const endNow = (id: string) => endRecorded(fixture, anna, id);

describe('a signal', () => {
  test('reaches the workflow in its user’s name, once for each id, and is noted with the execution', async () => {
    const { id } = await start();
    const signal = { id, name: 'approve', input: { total: 12.5 }, requestId: '01939c5e-0000-4000-8000-0000000000aa' };
    for (let sent = 0; sent < 2; sent += 1)
      expect(await anna.client.execution.signalExecution.mutate(signal)).toMatchObject({ result: 'requested' });
    const events = await historyOf(id);
    const signals = events.flatMap((event) => event.workflowExecutionSignaledEventAttributes ?? []);
    expect(signals).toHaveLength(1);
    expect(signals[0]).toMatchObject({ signalName: 'approve', identity: anna.id });
    expect(JSON.parse(String(Buffer.from(signals[0]?.input?.payloads?.[0]?.data ?? [])))).toEqual({ total: 12.5 });
    const { requests } = await anna.client.execution.getRequests.query({ id });
    expect(requests).toMatchObject([{ kind: 'signal', signalName: 'approve', by: anna.id, answer: 'requested' }]);
    const other = anna.client.execution.signalExecution.mutate({ ...signal, name: 'reject' });
    expect(await refusalOf(other)).toMatchObject({ code: 'conflict' });
  });

  test('whose numbers JavaScript rounds is refused, as an input is', async () => {
    const { id } = await start();
    const body = `{"id":"${id}","name":"approve","input":9007199254740993}`;
    const response = await fetch(`${fixture.api.url}/trpc/execution.signalExecution`, {
      method: 'POST',
      headers: { authorization: `Bearer ${anna.token}`, 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(400);
  });
});

describe('a rerun', () => {
  test('is a new execution with the same input, and both say so', async () => {
    const old = await start({ input: { amount: 3 }, tags: ['gold'], metadata: { shop: 1 } });
    const rerun = await anna.client.execution.rerunExecution.mutate({ id: old.id, reason: 'the card works now' });
    expect(rerun).toMatchObject({
      ...{ input: { amount: 3 }, tags: ['gold'], metadata: { shop: 1 }, status: 'running' },
    });
    expect(rerun.id).not.toBe(old.id);
    const { getRequests } = anna.client.execution;
    expect(await getRequests.query({ id: old.id })).toMatchObject({
      rerunOf: null,
      requests: [{ kind: 'rerun', rerunId: rerun.id, by: anna.id, reason: 'the card works now' }],
    });
    expect(await getRequests.query({ id: rerun.id })).toMatchObject({
      rerunOf: { executionId: old.id, by: anna.id, reason: 'the card works now' },
      requests: [],
    });
  });

  test('by a key is one however often it is asked for; of another execution the key is a conflict', async () => {
    const [one, two] = [await start({ input: 1 }), await start({ input: 1 })];
    const rerun = (id: string) => anna.client.execution.rerunExecution.mutate({ id, idempotencyKey: 'again' });
    const first = await rerun(one.id);
    expect((await rerun(one.id)).id).toBe(first.id);
    expect(await refusalOf(rerun(two.id))).toMatchObject({ code: 'conflict' });
    const { requests } = await anna.client.execution.getRequests.query({ id: one.id });
    expect(requests.map(({ rerunId }) => rerunId)).toEqual([first.id]);
  });

  test('with another input is checked as a start is', async () => {
    const inputSchema = { type: 'object', required: ['amount'], properties: { amount: { type: 'number' } } };
    const strict = await anna.client.workflow.create.mutate({ ...ORDER, inputSchema });
    const old = await start({ workflowId: strict.id, input: { amount: 1 } });
    const { rerunExecution } = anna.client.execution;
    const wrong = rerunExecution.mutate({ id: old.id, input: { amount: 'two' } });
    expect(await refusalOf(wrong)).toMatchObject({ code: 'input_rejected' });
    const rerun = await rerunExecution.mutate({ id: old.id, input: { amount: 2 } });
    expect(rerun.input).toEqual({ amount: 2 });
  });

  test('takes over metadata that was taken then, whatever may be given by now', async () => {
    const old = await start({ input: 1 });
    const metadata = { list: Array.from({ length: 600 }, () => 0), text: 'x'.repeat(20_000) };
    await fixture.supabase.database.query(`update runledger.workflow_executions set metadata = $2 where id = $1`, [
      old.id,
      JSON.stringify(metadata),
    ]);
    const { rerunExecution } = anna.client.execution;
    expect((await rerunExecution.mutate({ id: old.id })).metadata).toEqual(metadata);
    expect(await refusalOf(rerunExecution.mutate({ id: old.id, metadata }))).toMatchObject({
      code: 'payload_too_large',
    });
  });

  test('of an input that the ledger does not have as it was needs another one', async () => {
    const old = await start({ input: 1 });
    await fixture.supabase.database.query(
      `update runledger.workflow_executions set input_note = 'numbers_beyond_double' where id = $1`,
      [old.id],
    );
    const { rerunExecution } = anna.client.execution;
    expect(await refusalOf(rerunExecution.mutate({ id: old.id }))).toMatchObject({ code: 'illegal_transition' });
    expect((await rerunExecution.mutate({ id: old.id, input: 2 })).input).toBe(2);
  });
});

describe('a reset', () => {
  test('shows an ended execution as running again at once, in a new run, and who asked why', async () => {
    const { id, temporalRunId } = await start();
    await completeTask(id);
    await endNow(id);
    const answer = await anna.client.execution.resetExecution.mutate({ id, reason: 'the data was wrong' });
    expect(answer).toMatchObject({ result: 'reset', execution: { id, status: 'running', temporalRunId, runCount: 2 } });
    expect(answer.execution.currentRunId).not.toBe(temporalRunId);
    const { requests } = await anna.client.execution.getRequests.query({ id });
    expect(requests[0]).toMatchObject({ kind: 'reset', by: anna.id, reason: 'the data was wrong', answer: 'reset' });
  });

  test('of what has done nothing yet is refused', async () => {
    const { id } = await start();
    const early = anna.client.execution.resetExecution.mutate({ id, to: 'last', reason: 'x' });
    expect(await refusalOf(early)).toMatchObject({ code: 'illegal_transition' });
  });
});

describe('a deletion', () => {
  test('takes an ended execution with all that was kept of it, and leaves an open one', async () => {
    const { id } = await start({ tags: ['to go'] });
    const { deleteExecution, getExecution, getStats } = anna.client.execution;
    const open = await refusalOf(deleteExecution.mutate({ id }));
    expect(open).toMatchObject({ code: 'illegal_transition' });
    await endNow(id);
    const before = await getStats.query();
    expect(await deleteExecution.mutate({ id })).toEqual({ result: 'deleted' });
    expect(await refusalOf(getExecution.query({ id }))).toMatchObject({ code: 'not_found' });
    expect(await getStats.query()).toMatchObject({ total: before.total - 1, terminated: before.terminated - 1 });
    const left = `select from runledger.execution_requests where execution_id = $1`;
    expect(await fixture.supabase.database.query(left, [id])).toEqual([]);
    expect(await refusalOf(deleteExecution.mutate({ id }))).toMatchObject({ code: 'not_found' });
  });

  test('waits for Temporal’s word where only a report says that it ended', async () => {
    const { id } = await start();
    await fixture.supabase.database.query(
      `select * from runledger.record_outcomes(jsonb_build_array(jsonb_build_object('execution', $1::text,
         'source', 'report', 'authority', 'reported', 'status', 'completed', 'completedAt', now())))`,
      [id],
    );
    const refusal = await refusalOf(anna.client.execution.deleteExecution.mutate({ id }));
    expect(refusal).toMatchObject({ code: 'illegal_transition', message: expect.stringContaining('reported') });
  });
});

describe('of several at once', () => {
  test('each is answered in its order, and what is wrong with one keeps nothing from the others', async () => {
    const ben = await fixture.signUp('ben');
    const bensWorkflow = await ben.client.workflow.create.mutate(ORDER);
    const bens = await ben.client.execution.createExecution.mutate({ workflowId: bensWorkflow.id });
    const own = [await start(), await start()] as const;
    const ids = [own[0].id, bens.id, own[1].id];
    const { execution } = anna.client;
    const refused = { id: bens.id, ok: false, code: 'not_found', message: expect.stringContaining('no execution') };
    const each = (result: string) => [
      { id: own[0].id, ok: true, result },
      refused,
      { id: own[1].id, ok: true, result },
    ];
    expect(await execution.signalExecutions.mutate({ ids, name: 'approve' })).toEqual(each('requested'));
    expect(await execution.cancelExecutions.mutate({ ids })).toEqual(each('requested'));
    const reruns = await execution.rerunExecutions.mutate({ ids, idempotencyKey: 'all' });
    expect(reruns).toMatchObject([{ ok: true, status: 'running' }, refused, { ok: true, status: 'running' }]);
    expect(await execution.rerunExecutions.mutate({ ids, idempotencyKey: 'all' })).toEqual(reruns);
    const illegal = { ok: false, code: 'illegal_transition' };
    const ended = await execution.endExecutions.mutate({ ids, as: 'failed', reason: 'gone' });
    expect(ended).toMatchObject([illegal, refused, illegal]);
    const reset = await execution.resetExecutions.mutate({ ids, reason: 'again' });
    expect(reset).toMatchObject([illegal, refused, illegal]);
    expect(await execution.terminateExecutions.mutate({ ids, reason: 'enough' })).toEqual(each('requested'));
    for (const { id } of own) await endNow(id);
    expect(await execution.deleteExecutions.mutate({ ids })).toEqual(each('deleted'));
    expect(await ben.client.execution.getRequests.query({ id: bens.id })).toEqual({
      ...{ rerunOf: null, requests: [], more: false },
    });
    expect(await ben.client.execution.getExecution.query({ id: bens.id })).toMatchObject({ cancelRequestedAt: null });
  });
});
