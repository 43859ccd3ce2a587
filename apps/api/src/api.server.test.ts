import { connectEngine, createEngine } from '@runledger/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';

let fixture: ApiFixture;
let anna: TestUser;
let ben: TestUser;

beforeAll(async () => {
  fixture = await startApiFixture();
  [anna, ben] = await Promise.all([fixture.signUp('anna', { isOperator: true }), fixture.signUp('ben')]);
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

/** What Temporal itself says. */
async function inTemporal(workflowId: string) {
  const connection = connectEngine({ address: fixture.temporal.address });
  try {
    return await createEngine({ connection }).resolve({
      namespace: 'default',
      temporalWorkflowId: workflowId,
      firstRunId: null,
    });
  } finally {
    await connection.close();
  }
}

describe('a user runs a workflow', () => {
  test('created over tRPC it runs in Temporal under its own id, and every read shows it', async () => {
    const workflow = await anna.client.workflow.create.mutate(ORDER);
    const created = await anna.client.execution.createExecution.mutate({
      workflowId: workflow.id,
      input: { amount: 3, note: '👍' },
      tags: ['urgent'],
      metadata: { source: 'test' },
    });
    expect(created).toMatchObject({
      status: 'running',
      temporalWorkflowId: created.id,
      createdBy: anna.id,
      input: { amount: 3, note: '👍' },
      tags: ['urgent'],
      metadata: { source: 'test' },
      workflow: { id: workflow.id, name: 'Order', description: null, redact: [] },
    });

    const said = await inTemporal(created.id);
    expect(said).toMatchObject({ kind: 'open', open: { firstRunId: created.temporalRunId } });
    expect(await anna.client.execution.getExecution.query({ id: created.id })).toMatchObject(created);
    const { items } = await anna.client.execution.listExecutions.query({ workflowId: workflow.id, status: 'running' });
    expect(items).toMatchObject([{ id: created.id, status: 'running' }]);
    expect(await anna.client.execution.getStats.query({ workflowId: workflow.id })).toMatchObject({
      total: 1,
      running: 1,
    });
    expect(await anna.client.execution.getRunCount.query()).toBe(0);
  });

  test('the same idempotency key gives the same execution, with another input a conflict', async () => {
    const { id: workflowId } = await anna.client.workflow.create.mutate(ORDER);
    const request = { workflowId, input: { amount: 1 }, idempotencyKey: 'order-1' };
    const answers = await Promise.all([1, 2, 3].map(() => anna.client.execution.createExecution.mutate(request)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await anna.client.execution.getStats.query({ workflowId })).toMatchObject({ total: 1 });
    const other = anna.client.execution.createExecution.mutate({ ...request, input: { amount: 2 } });
    await expect(other).rejects.toMatchObject({ data: { executionCode: 'conflict' } });
  });

  test('a list is paged by cursor without gaps or repeats', async () => {
    const { id: workflowId } = await anna.client.workflow.create.mutate(ORDER);
    const created = new Set<string>();
    for (let i = 0; i < 5; i += 1) created.add((await anna.client.execution.createExecution.mutate({ workflowId })).id);
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await anna.client.execution.listExecutions.query({ workflowId, limit: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen)).toEqual(created);
  });

  test('cancelled, it is asked to stop with who and why; terminated, Temporal says so', async () => {
    const { id: workflowId } = await anna.client.workflow.create.mutate(ORDER);
    const { id } = await anna.client.execution.createExecution.mutate({ workflowId });
    const cancel = await anna.client.execution.cancelExecution.mutate({ id, reason: 'ordered twice' });
    expect(cancel).toMatchObject({
      result: 'requested',
      execution: { status: 'running', cancelRequestedBy: anna.id, cancelReason: 'ordered twice' },
    });
    const terminate = await anna.client.execution.terminateExecution.mutate({ id, reason: 'it hangs' });
    expect(terminate.result).toBe('requested');
    expect(await inTemporal(id)).toMatchObject({
      kind: 'closed',
      outcome: { status: 'terminated', actor: anna.id, reason: 'it hangs' },
    });
    // The monitor records the end; until it has, Temporal's word is what the caller gets.
    expect(await anna.client.execution.cancelExecution.mutate({ id })).toMatchObject({ result: 'already_ended' });
  });

  test('a start that Temporal refuses ends failed, with why', async () => {
    const elsewhere = { ...ORDER, temporalNamespace: 'nowhere' };
    const { id: workflowId } = await anna.client.workflow.create.mutate(elsewhere);
    const execution = await anna.client.execution.createExecution.mutate({ workflowId });
    expect(execution).toMatchObject({
      status: 'failed',
      outcomeAuthority: 'engine',
      errorMessage: expect.stringContaining('nowhere'),
      failure: { type: 'StartRefused' },
    });
  });
});

describe('workflows', () => {
  test('a published one is everybody’s to start, and each counts their own; its owner counts all', async () => {
    const { id: workflowId } = await anna.client.workflow.create.mutate({ ...ORDER, visibility: 'published' });
    await anna.client.execution.createExecution.mutate({ workflowId });
    const bens = await ben.client.execution.createExecution.mutate({ workflowId });
    expect(bens).toMatchObject({ createdBy: ben.id, status: 'running', workflow: { name: 'Order' } });
    expect((await ben.client.workflow.list.query()).items.map(({ id }) => id)).toContain(workflowId);
    const statistics = (user: TestUser) => user.client.execution.getWorkflowStatistics.query({ workflowId });
    expect(await statistics(anna)).toMatchObject({ of: 'everyone', total: 2 });
    expect(await statistics(ben)).toMatchObject({ of: 'caller', total: 1 });
  });

  test('an update changes what is given and leaves the rest; an archived one cannot be started', async () => {
    const inputSchema = { type: 'object', required: ['amount'] };
    const created = await anna.client.workflow.create.mutate({ ...ORDER, inputSchema, runTimeout: '5m' });
    const updated = await anna.client.workflow.update.mutate({ id: created.id, name: 'Orders', archived: true });
    expect(updated).toMatchObject({ name: 'Orders', inputSchema, runTimeout: '5m', archivedAt: expect.any(String) });
    const start = anna.client.execution.createExecution.mutate({ workflowId: created.id, input: { amount: 1 } });
    await expect(start).rejects.toMatchObject({ data: { executionCode: 'not_startable' } });
  });
});

test('health is public', async () => {
  const nobody = fixture.api.clientWith(null);
  expect(await nobody.system.health.query()).toMatchObject({ status: 'ok', ledger: true, engine: true });
});
