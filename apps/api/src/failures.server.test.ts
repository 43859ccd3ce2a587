import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';

let fixture: ApiFixture;
let anna: TestUser;
let ben: TestUser;
let workflowId: string;
let service: ReturnType<typeof createExecutionService>;

/** Of UTC, as it was when the tests began: they may go on past midnight. */
const YESTERDAY_MS = Math.floor(Date.now() / 86_400_000 - 1) * 86_400_000;
const at = (hours: number) => new Date(YESTERDAY_MS + hours * 3_600_000).toISOString();
const DAY = { from: at(0), to: at(24) };

beforeAll(async () => {
  fixture = await startApiFixture();
  [anna, ben] = await Promise.all([fixture.signUp('anna', { isOperator: true }), fixture.signUp('ben')]);
  ({ id: workflowId } = await anna.client.workflow.create.mutate({ ...ORDER, visibility: 'published' }));
  service = createExecutionService(
    connectSupabase({ url: fixture.supabase.url, key: fixture.supabase.serviceRoleKey }),
  );
  const fail = async (user: TestUser, startedAt: string, message: string) => {
    const { id } = await service.createExecution({ workflowId, userId: user.id, startedAt });
    await service.markFailed(id, { type: 'CardError', message }, 50);
  };
  await fail(ben, at(-12), 'timed out waiting');
  await fail(ben, at(3), 'timed out waiting');
  for (const n of [1, 2, 3, 4, 5]) await fail(ben, at(5), `card ${n} declined`);
  await fail(anna, at(6), 'card 6 declined');
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

/** Before and after what is counted was folded, it is the same. */
describe.each(['unfolded', 'folded'])('%s', (state) => {
  beforeAll(async () => {
    if (state === 'folded') await fixture.supabase.database.query('select runledger.fold_execution_stats(10000)');
  });

  test('kinds of failures: how many, since when, new, more than usual, and over time', async () => {
    const { groups, bucketsStartAt, window } = await ben.client.execution.getFailureGroups.query(DAY);
    expect(Date.parse(window.from ?? '')).toBe(Date.parse(DAY.from));
    expect(bucketsStartAt.map((start) => Date.parse(start))).toEqual(
      Array.from({ length: 24 }, (_, hour) => Date.parse(at(hour))),
    );
    expect(groups).toMatchObject([
      {
        ...{ type: 'CardError', message: 'card # declined', executions: 5, users: 1, usersExactness: 'exact' },
        ...{ previous: 0, trend: 'up', isNew: true, moreThanUsual: true },
        ...{ firstSeenAt: expect.any(String), lastExecutionId: expect.any(String) },
      },
      { message: 'timed out waiting', executions: 1, previous: 1, trend: 'same', isNew: false, moreThanUsual: false },
    ]);
    expect(groups[0]?.series).toEqual(Array.from({ length: 24 }, (_, hour) => (hour === 5 ? 5 : 0)));
    expect(groups[1]?.series.indexOf(1)).toBe(3);
  });
});

test('since the beginning nothing is new, and there is nothing before', async () => {
  const { groups, bucketsStartAt } = await ben.client.execution.getFailureGroups.query();
  expect(bucketsStartAt).toEqual([]);
  expect(groups[1]).toMatchObject({ executions: 2, previous: null, trend: null, isNew: null, series: [] });
});

test('the owner of the workflow sees all, and whom it hit, where the host shows rows', async () => {
  await using api = await startApi(fixture.variables, { publishing: { maySeeRows: () => true } });
  const { execution } = api.clientWith(anna.token);
  const { groups } = await execution.getFailureGroups.query({ ...DAY, workflowId, of: 'everyone' });
  expect(groups[0]).toMatchObject({ executions: 6, users: 2 });
  const failureGroup = groups[0]?.failureGroup ?? '';
  expect(await execution.getFailureUsers.query({ ...DAY, workflowId, failureGroup })).toMatchObject({
    users: [
      { userId: ben.id, executions: 5, lastExecutionId: expect.any(String) },
      { userId: anna.id, executions: 1 },
    ],
    exactness: 'exact',
  });
  expect(await execution.getFailureUsers.query({ ...DAY, workflowId, failureGroup, limit: 1 })).toMatchObject({
    users: [{ userId: ben.id }],
    exactness: 'capped',
  });
});

describe('kinds as frequent as each other', () => {
  const KINDS = 60;
  /** Told apart by a letter: digits are one kind. The later in the alphabet, the later it failed. */
  const messageOf = (n: number) =>
    `${String.fromCharCode(97 + (n % 26))}${n < 26 ? '' : 'x'.repeat(Math.floor(n / 26))} is broken`;
  let cleo: TestUser;
  let groups: { failureGroup: string; message: string | null; executions: number }[];

  beforeAll(async () => {
    cleo = await fixture.signUp('cleo');
    for (let n = 0; n < KINDS; n++) {
      const startedAt = new Date(Date.parse(at(0)) + n * 1_200_000).toISOString();
      const { id } = await service.createExecution({ workflowId, userId: cleo.id, startedAt });
      await service.markFailed(id, { type: 'CardError', message: messageOf(n) }, 50);
    }
    ({ groups } = await cleo.client.execution.getFailureGroups.query({ ...DAY, limit: KINDS }));
  });

  test('are told from the one seen last on, more than 50 of them too', async () => {
    const latestFirst = Array.from({ length: KINDS }, (_, n) => messageOf(KINDS - 1 - n));
    expect(groups.map(({ message }) => message)).toEqual(latestFirst);
    const top = await cleo.client.execution.getTopFailures.query({ ...DAY, limit: KINDS });
    expect(top.map(({ message }) => message)).toEqual(latestFirst);
  });

  test('are cut off there too, in the middle of an hour', async () => {
    for (const limit of [1, 2, 50]) {
      const asked = { ...DAY, limit };
      const latest = groups.slice(0, limit).map(({ failureGroup }) => failureGroup);
      const { groups: first } = await cleo.client.execution.getFailureGroups.query(asked);
      expect(first.map(({ failureGroup }) => failureGroup)).toEqual(latest);
      const top = await cleo.client.execution.getTopFailures.query(asked);
      expect(top.map(({ failureGroup }) => failureGroup)).toEqual(latest);
    }
  });

  test('are each found alone, however many are more frequent', async () => {
    const last = groups.at(-1);
    const { failureGroup } = last ?? { failureGroup: '' };
    const { groups: found } = await cleo.client.execution.getFailureGroups.query({ ...DAY, failureGroup, limit: 1 });
    expect(found).toEqual([last]);
    const of = await ben.client.execution.getFailureGroups.query({ ...DAY, failureGroup });
    expect(of.groups).toEqual([]);
  });
});

test('a strip of the latest executions of several workflows, and what is open by health', async () => {
  const { id: other } = await ben.client.workflow.create.mutate(ORDER);
  const { id } = await ben.client.execution.createExecution.mutate({ workflowId: other });
  const runs = await ben.client.execution.recentRuns.query({ workflowIds: [workflowId, other], last: 3 });
  expect(runs[other]).toMatchObject([{ id, status: 'running', durationMs: null }]);
  expect(runs[workflowId]?.map(({ status, durationMs }) => [status, durationMs])).toEqual(
    Array.from({ length: 3 }, () => ['failed', 50]),
  );
  await fixture.supabase.database.query(
    `update runledger.execution_checks set health = 'wedged', last_check_at = now() where execution_id = $1`,
    [id],
  );
  const { execution } = ben.client;
  expect(await execution.countByHealth.query()).toMatchObject({
    ...{ open: 1, unchecked: 0, exactness: 'exact' },
    health: { live: 0, late: 0, wedged: 1, cancelling: 0, lost: 0 },
  });
  expect(await execution.countByHealth.query({ workflowId })).toMatchObject({ open: 0 });
  expect(await execution.countByHealth.query({ workflowId: other, of: 'everyone' })).toMatchObject({ open: 1 });
  // It has ended by a report, while Temporal still runs it: nobody calls that open, and it is still looked at.
  await service.markFailed(id, new Error('declined'));
  for (const asked of [{}, { workflowId: other }, { workflowId: other, of: 'everyone' as const }])
    expect(await execution.countByHealth.query(asked)).toMatchObject({
      open: 0,
      unconfirmed: 1,
      health: { wedged: 1 },
    });
});
