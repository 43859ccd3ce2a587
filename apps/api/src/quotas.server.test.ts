import { randomBytes } from 'node:crypto';
import { exceededQuota, isWorthRetrying } from '@runledger/client';
import { connectSupabase, createQuotaService } from '@runledger/execution-service';
import { withinOneHour } from '@runledger/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';
import { endNow } from './fixtures/end-now.ts';

let fixture: ApiFixture;
let anna: TestUser;
let workflowId: string;

beforeAll(async () => {
  fixture = await startApiFixture();
  anna = await fixture.signUp('anna');
  ({ id: workflowId } = await anna.client.workflow.create.mutate(ORDER));
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const start = () => anna.client.execution.createExecution.mutate({ workflowId, input: null });

test('ten submits at once at a limit of two start two workflows; the others are 429 with what is used and when it frees', async () => {
  const { url, serviceRoleKey: key } = fixture.supabase;
  await createQuotaService(connectSupabase({ url, key })).setQuota({
    userId: anna.id,
    workflowId: null,
    executionsPerMonth: 2,
    concurrentExecutions: 5,
  });
  await withinOneHour();
  const settled = await Promise.allSettled(Array.from({ length: 10 }, start));
  const started = settled.flatMap((s) => (s.status === 'fulfilled' ? [s.value] : []));
  const refused = settled.flatMap((s) => (s.status === 'rejected' ? [s.reason as unknown] : []));
  expect(started.map(({ status }) => status)).toEqual(['running', 'running']);
  expect(refused).toHaveLength(8);
  for (const error of refused) {
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^Only 2 executions a month may be started .* 2 of them are used\. Try again at .* UTC\.$/,
      ),
      data: { code: 'TOO_MANY_REQUESTS', httpStatus: 429, executionCode: 'quota_exceeded', fields: null },
    });
    expect(exceededQuota(error)).toMatchObject({ kind: 'executionsPerMonth', limit: 2, used: 2, workflowId: null });
    expect(Date.parse(exceededQuota(error)?.freesAt ?? '')).toBeGreaterThan(Date.now());
    expect(isWorthRetrying(error)).toBe(false);
  }
  expect(await anna.client.execution.getQuotas.query()).toEqual([
    exceededQuota(refused[0]),
    { kind: 'concurrentExecutions', limit: 5, used: 2, freesAt: null, workflowId: null },
  ]);
  expect(await anna.client.execution.getQuotas.query({ workflowId })).toHaveLength(2);
  expect(await anna.client.execution.getStats.query()).toMatchObject({ total: 2 });
});

test('whoever keeps as much as they may starts nothing until they have deleted something', async () => {
  const { url, serviceRoleKey: key } = fixture.supabase;
  await createQuotaService(connectSupabase({ url, key })).setQuota({
    userId: anna.id,
    workflowId: null,
    executionsPerMonth: null,
    concurrentExecutions: null,
    storedBytes: 10_000,
  });
  const text = randomBytes(6_000).toString('hex');
  const { id } = await anna.client.execution.createExecution.mutate({ workflowId, input: null, metadata: { text } });
  const refused = await start().catch((error: unknown) => error);
  expect(refused).toMatchObject({
    message: expect.stringMatching(/^You may keep 10,000 bytes .* Delete executions that you no longer need/),
    data: { httpStatus: 429, executionCode: 'quota_exceeded' },
  });
  const [kept] = await anna.client.execution.getQuotas.query();
  expect(exceededQuota(refused)).toEqual(kept);
  expect(kept).toMatchObject({ kind: 'storedBytes', limit: 10_000, freesAt: null, workflowId: null });
  expect(kept?.used).toBeGreaterThan(12_000);
  await endNow(fixture, anna, id);
  await anna.client.execution.deleteExecution.mutate({ id });
  await start();
});
