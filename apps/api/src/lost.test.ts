import { connectEngine, createEngine } from '@runledger/engine';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';
import { refusalOf } from './fixtures/refusal.ts';

let fixture: ApiFixture;
let anna: TestUser;
let workflowId: string;
beforeAll(async () => {
  fixture = await startApiFixture();
  anna = await fixture.signUp('anna');
  ({ id: workflowId } = await anna.client.workflow.create.mutate(ORDER));
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const sql = (text: string, values: unknown[] = []) => fixture.supabase.database.query(text, values);
const start = () => anna.client.execution.createExecution.mutate({ workflowId, input: null });
const end = (id: string) =>
  anna.client.execution.endExecution.mutate({ id, as: 'failed', reason: 'deleted in Temporal' });

/** Somebody deletes it in Temporal's own page. */
async function deleteInTemporal(id: string): Promise<void> {
  const connection = connectEngine({ address: fixture.temporal.address });
  try {
    const engine = createEngine({ connection });
    const target = { namespace: 'default', temporalWorkflowId: id, firstRunId: null };
    await connection.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: id },
    });
    await expect.poll(async () => (await engine.resolve(target)).kind).toBe('not_found');
  } finally {
    await connection.close();
  }
}

test('its owner ends what was deleted in Temporal; it is settled, and has no run time', async () => {
  const { id } = await start();
  const { code, message } = await refusalOf(end(id));
  expect([code, message]).toEqual(['illegal_transition', expect.stringContaining('Temporal knows the execution')]);
  await deleteInTemporal(id);
  const { result, execution } = await end(id);
  expect(result).toBe('ended');
  expect(execution).toMatchObject({
    status: 'failed',
    errorMessage: 'deleted in Temporal',
    endReason: 'deleted in Temporal',
    endedBy: anna.id,
    durationMs: null,
    lostAt: expect.any(String),
  });
  expect(await sql('select from runledger.execution_checks where execution_id = $1', [id])).toEqual([]);
  expect(await end(id)).toMatchObject({ result: 'already_ended' });
  expect(await anna.client.execution.getHealth.query({ id })).toBeNull();
  const listed = await anna.client.execution.listExecutions.query({ status: ['failed'] });
  expect(listed.items).toContainEqual(expect.objectContaining({ id, lostAt: expect.any(String), endedBy: anna.id }));
  const searched = await anna.client.execution.listExecutions.query({ text: 'deleted' });
  expect(searched.items).toContainEqual(expect.objectContaining({ id, endReason: 'deleted in Temporal' }));
  const stats = await anna.client.execution.getStats.query({});
  expect(stats).toMatchObject({ failed: 1, avgDuration: null });
});

test('what is lost takes no place of those that may run at once', async () => {
  await sql(`select runledger.set_quota($1::jsonb)`, [JSON.stringify({ user_id: anna.id, concurrent_executions: 1 })]);
  const { id } = await start();
  expect(await refusalOf(start())).toMatchObject({ code: 'quota_exceeded' });
  await deleteInTemporal(id);
  await sql(`select runledger.save_checks($1::jsonb)`, [
    JSON.stringify([{ execution: id, health: 'lost', nextCheckInMs: 1_000 }]),
  ]);
  expect(await start()).toMatchObject({ status: 'running' });
});
