import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';

let fixture: ApiFixture;
let anna: TestUser;
let ben: TestUser;
let workflowId: string;
let openId: string;
let failedId: string;

beforeAll(async () => {
  fixture = await startApiFixture();
  [anna, ben] = await Promise.all([fixture.signUp('anna', { isOperator: true }), fixture.signUp('ben')]);
  ({ id: workflowId } = await anna.client.workflow.create.mutate({ ...ORDER, visibility: 'published' }));
  const service = createExecutionService(
    connectSupabase({ url: fixture.supabase.url, key: fixture.supabase.serviceRoleKey }),
  );
  const direct = async () => (await service.createExecution({ workflowId, userId: ben.id })).id;
  await service.markCompleted(await direct(), null, 3_000);
  failedId = await direct();
  await service.markFailed(failedId, { type: 'CardError', message: 'declined' }, 5);
  ({ id: openId } = await ben.client.execution.createExecution.mutate({ workflowId }));
  await sql(
    `update runledger.execution_checks set health = 'wedged', reason = 'it throws', remedy = 'deploy', last_check_at = '2026-11-21T09:00:00Z'
      where execution_id = $1`,
    [openId],
  );
  await sql(`update auth.users set raw_user_meta_data = '{"full_name": "Ben B."}' where id = $1`, [ben.id]);
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const sql = (text: string, values: unknown[] = []) => fixture.supabase.database.query(text, values);

/** One that an index serves, by the table endpoint; one that is searched; one that is named. */
const lists = {
  'by its index': () => ({}),
  'that is searched': () => ({ not: { tags: ['x'] } }),
  'of ids': () => ({ ids: [openId, failedId] }),
};

test.each(Object.entries(lists))(
  'rows of a list %s say how they stand, by when they end, and what failed',
  async (_, filter) => {
    const { listExecutions } = ben.client.execution;
    const { items } = await listExecutions.query(filter());
    const row = (id: string) => items.find((item) => item.id === id);
    const open = row(openId);
    expect(open).toMatchObject({
      ...{
        health: 'wedged',
        reason: 'it throws',
        remedy: 'deploy',
        checkedAt: expect.stringContaining('2026-11-21T09:00:00'),
      },
      ...{ workflow: { id: workflowId, name: 'Order' }, userName: 'Ben B.', failureGroup: null },
      usual: { p50: 3_000, p99: 3_000, of: 1, whose: 'own' },
    });
    const began = Date.parse(open?.engineStartedAt ?? open?.startedAt ?? '');
    expect(Date.parse(open?.expectedBy ?? '') - began).toBe(3_000);
    expect(row(failedId)).toMatchObject({
      ...{
        health: null,
        reason: null,
        remedy: null,
        checkedAt: null,
        usual: null,
        expectedBy: null,
        userName: 'Ben B.',
      },
      failureGroup: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  },
);

test('names of users are told in one call, within the caller’s scope', async () => {
  const ids = [ben.id, anna.id, 'nobody'];
  expect(await ben.client.execution.getUserNames.query({ ids })).toEqual([{ id: ben.id, name: 'Ben B.' }]);
  await using api = await startApi(fixture.variables, { publishing: { maySeeRows: () => true } });
  const { getUserNames } = api.clientWith(anna.token).execution;
  expect(await getUserNames.query({ ids, workflowId })).toEqual([{ id: ben.id, name: 'Ben B.' }]);
  const { items } = await api.clientWith(anna.token).execution.listWorkflowExecutions.query({ workflowId });
  expect(new Set(items.map(({ userName }) => userName))).toEqual(new Set(['Ben B.']));
});
