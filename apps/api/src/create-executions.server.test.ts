import { connectEngine } from '@runledger/engine';
import { connectSupabase, createLedger } from '@runledger/execution-service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';
import { refusalOf } from './fixtures/refusal.ts';

let fixture: ApiFixture;
let anna: TestUser;
let workflowId: string;
let temporal: ReturnType<typeof connectEngine>;

beforeAll(async () => {
  fixture = await startApiFixture();
  temporal = connectEngine({ address: fixture.temporal.address });
  anna = await fixture.signUp('anna');
  ({ id: workflowId } = await anna.client.workflow.create.mutate({ ...ORDER, executionTimeout: '2h' }));
});
afterAll(async () => {
  await temporal?.close();
  await fixture?.[Symbol.asyncDispose]();
});

const start = (more: object = {}) => anna.client.execution.createExecution.mutate({ workflowId, ...more });
const describeRun = async (id: string) =>
  (await temporal.workflowService.describeWorkflowExecution({
    namespace: 'default',
    execution: { workflowId: id },
  })) as {
    executionConfig: { workflowExecutionTimeout?: { seconds: unknown }; workflowRunTimeout?: { seconds: unknown } };
    pendingWorkflowTask?: object | null;
    workflowExecutionInfo: { startTime: { seconds: unknown }; executionTime: { seconds: unknown } };
  };

describe('a start that says more than its workflow', () => {
  test('is given its own time-outs, within those of the workflow', async () => {
    const { id } = await start({ executionTimeout: '30m', runTimeout: '5m' });
    const { executionConfig } = await describeRun(id);
    expect(Number(executionConfig.workflowExecutionTimeout?.seconds)).toBe(1_800);
    expect(Number(executionConfig.workflowRunTimeout?.seconds)).toBe(300);
    const long = await refusalOf(start({ executionTimeout: '3h' }));
    expect(long).toMatchObject({
      code: 'invalid_input',
      fields: { executionTimeout: [expect.stringContaining('2h')] },
    });
    expect(await refusalOf(start({ runTimeout: '0ms' }))).toMatchObject({ code: 'invalid_input' });
  });

  test('begins after its delay, and is shown at once', async () => {
    const { id, status } = await start({ startDelay: '1h' });
    expect(status).toBe('running');
    const { workflowExecutionInfo: info, pendingWorkflowTask } = await describeRun(id);
    expect(Number(info.executionTime.seconds) - Number(info.startTime.seconds)).toBe(3_600);
    expect(pendingWorkflowTask ?? null).toBeNull();
    expect((await anna.client.execution.cancelExecution.mutate({ id })).result).toBe('requested');
  });

  test('is driven on with the same options where Temporal was away: the delay counts from the request', async () => {
    const { id } = await start({ startDelay: '1h', executionTimeout: '30m' });
    await fixture.supabase.database.query(
      `alter table runledger.workflow_executions disable trigger user;
       update runledger.workflow_executions set status = 'pending', temporal_run_id = null, current_run_id = null,
         started_at = now() - interval '10 minutes' where id = '${id}';
       alter table runledger.workflow_executions enable trigger user;`.replaceAll('\n', ' '),
    );
    const { url, serviceRoleKey: key } = fixture.supabase;
    const pending = await createLedger(connectSupabase({ url, key })).pendingStarts('default', 1_000, 10);
    const found = pending.find(({ executionId }) => executionId === id);
    expect(found).toMatchObject({ executionTimeout: '30m', runTimeout: null });
    expect(found?.startDelayMs).toBeGreaterThan(48 * 60_000);
    expect(found?.startDelayMs).toBeLessThanOrEqual(50 * 60_000);
  });
});

describe('an idempotency key', () => {
  test('is free again where Temporal refused the start, and otherwise not', async () => {
    const nowhere = await anna.client.workflow.create.mutate({ ...ORDER, temporalNamespace: 'nowhere' });
    const refused = () => start({ workflowId: nowhere.id, idempotencyKey: 'once' });
    const first = await refused();
    expect(first).toMatchObject({ status: 'failed', failure: { type: 'StartRefused' } });
    expect((await refused()).id).not.toBe(first.id);
    const taken = () => start({ idempotencyKey: 'once' });
    expect((await taken()).id).toBe((await taken()).id);
  });

  test('is one user’s own', async () => {
    const ben = await fixture.signUp('ben', { isOperator: true });
    const { id: publishedId } = await ben.client.workflow.create.mutate({ ...ORDER, visibility: 'published' });
    const asked = { workflowId: publishedId, idempotencyKey: 'ours' };
    const [annas, bens] = [await start(asked), await ben.client.execution.createExecution.mutate(asked)];
    expect(bens.id).not.toBe(annas.id);
  });
});

describe('createExecutions', () => {
  test('starts each, and answers in their order: one that is refused keeps back no other', async () => {
    const unknown = '01939c5e-0000-7000-8000-00000000dead';
    const executions = [
      { workflowId, input: 1, idempotencyKey: 'several' },
      { workflowId: unknown },
      { workflowId, executionTimeout: '9h' },
      { workflowId, input: 2, tags: ['second'] },
    ];
    const answers = await anna.client.execution.createExecutions.mutate({ executions });
    expect(answers).toMatchObject([
      { ok: true, status: 'running' },
      { ok: false, code: 'not_found', message: expect.stringContaining(unknown) },
      { ok: false, code: 'invalid_input' },
      { ok: true, status: 'running' },
    ]);
    const [first, , , last] = answers as { id: string }[];
    expect(await anna.client.execution.getExecution.query({ id: last?.id as string })).toMatchObject({
      tags: ['second'],
    });
    const [again] = await anna.client.execution.createExecutions.mutate({ executions: executions.slice(0, 1) });
    expect(again).toMatchObject({ ok: true, id: first?.id });
  });

  test('the same idempotency key twice in one call is one execution, and a quota refuses what is above it', async () => {
    const cara = await fixture.signUp('cara');
    const { id } = await cara.client.workflow.create.mutate(ORDER);
    const one = { workflowId: id, input: 1, idempotencyKey: 'twice' };
    const create = (executions: object[]) =>
      cara.client.execution.createExecutions.mutate({ executions: executions as (typeof one)[] });
    const [first, second, other] = (await create([one, one, { ...one, input: 2 }])) as { id?: string }[];
    expect(first).toMatchObject({ ok: true, status: 'running' });
    expect(second?.id).toBe(first?.id);
    expect(other).toMatchObject({ ok: false, code: 'conflict' });
    await fixture.supabase.database.query(
      'insert into runledger.execution_quotas (user_id, concurrent_executions) values ($1, 3)',
      [cara.id],
    );
    const more = await create([{ workflowId: id }, { workflowId: id }, { workflowId: id }]);
    expect(more.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(more[2]).toMatchObject({ code: 'quota_exceeded', message: expect.stringContaining('3') });
  });

  test('a workflow that has changed since it was last used is read again, for each that is of it', async () => {
    const changing = await anna.client.workflow.create.mutate(ORDER);
    const create = () =>
      anna.client.execution.createExecutions.mutate({
        executions: [{ workflowId: changing.id }, { workflowId }, { workflowId: changing.id }],
      });
    await create();
    await fixture.supabase.database.query(
      `update runledger.workflows set description = 'another', updated_at = now() where id = $1`,
      [changing.id],
    );
    expect((await create()).map(({ ok }) => ok)).toEqual([true, true, true]);
    await anna.client.workflow.update.mutate({ id: changing.id, archived: true });
    expect(await create()).toMatchObject([
      { ok: false, code: 'not_startable' },
      { ok: true },
      { ok: false, code: 'not_startable' },
    ]);
  });
});
