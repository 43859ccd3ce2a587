import { testedKinds, withinOneHour } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';
import { createQuotaService } from './quota-service.ts';

describe.each(testedKinds('pglite', 'postgres-17'))('quotas on %s', (kind) => {
  let api: LedgerApi;
  let quotas: ReturnType<typeof createQuotaService>;
  beforeAll(async () => {
    api = await openLedgerApi(kind);
    quotas = createQuotaService(api.admin);
  });
  afterAll(() => api?.close());

  const admit = () =>
    api.ledger.admit({
      workflow: api.workflow,
      userId: api.ada.id,
      input: null,
      tags: [],
      metadata: {},
      idempotencyKey: null,
      startWithinMs: 60_000,
    });

  test('a limit that is set is kept, merged with the next one, taken away with null, and removed', async () => {
    const everybody = { userId: null, workflowId: null };
    const first = await quotas.setQuota({ ...everybody, executionsPerHour: 10, concurrentExecutions: 3 });
    expect(first).toMatchObject({
      ...everybody,
      executionsPerHour: 10,
      executionsPerDay: null,
      concurrentExecutions: 3,
    });
    const second = await quotas.setQuota({ ...everybody, executionsPerDay: 20, concurrentExecutions: null });
    expect(second).toMatchObject({
      id: first.id,
      executionsPerHour: 10,
      executionsPerDay: 20,
      concurrentExecutions: null,
    });
    expect(await quotas.listQuotas()).toEqual([second]);
    expect(await quotas.listQuotas({ userId: api.ada.id })).toEqual([]);
    expect(await quotas.removeQuota({ userId: api.ada.id, workflowId: null })).toBe(false);
    expect([await quotas.removeQuota(everybody), await quotas.removeQuota(everybody)]).toEqual([true, false]);
  });

  test('more quotas than an API hands out at once are all listed', async () => {
    await api.supabase.database.query(
      `with u as (insert into runledger.users (id) select 'many-' || n from generate_series(1, 450) n returning id)
       insert into runledger.execution_quotas (user_id, executions_per_hour) select id, 1 from u`,
    );
    expect(new Set((await quotas.listQuotas()).map(({ userId }) => userId)).size).toBe(450);
    await api.supabase.database.query(`delete from runledger.users where id like 'many-%'`);
  });

  test('what is admitted counts, and the refusal says which limit, how much is used and when it frees', async () => {
    const scope = { userId: api.ada.id, workflowId: api.workflow.id };
    await withinOneHour();
    await quotas.setQuota({ ...scope, executionsPerDay: 1 });
    await admit();
    const refused = await admit().catch((error: unknown) => error);
    const [use] = await api.ledger.quotas(api.ada.id, api.workflow.id);
    expect(use).toMatchObject({ kind: 'executionsPerDay', limit: 1, used: 1, workflowId: api.workflow.id });
    expect(refused).toMatchObject({
      code: 'quota_exceeded',
      quota: use,
      message: expect.stringMatching(
        /^Only 1 execution a day may be started of the workflow "Order", .* Try again at .* UTC\.$/,
      ),
    });
    await api.service.createExecution({ workflowId: api.workflow.id, userId: api.ada.id });
    expect(await api.ledger.quotas(api.ada.id)).toEqual([use]);
    expect(await api.ledger.quotas(api.bob.id)).toEqual([]);
    await quotas.removeQuota(scope);
  });

  test('what cannot be is refused: negative limits, people and workflows that are not there, a user’s own client', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    const set = (given: object) => quotas.setQuota({ userId: null, workflowId: null, ...given });
    await expect(set({ executionsPerHour: -1 })).rejects.toMatchObject({
      code: 'invalid_input',
      fields: { executionsPerHour: [expect.any(String)] },
    });
    for (const wrong of [
      { executionsPerDay: 1.5 },
      { executionsPerMonth: 3e9 },
      { concurrentExecutions: 'x' },
      { workflowId: 'x' },
      { workflowId: nobody, storedBytes: 1 },
      { userId: '' },
    ])
      await expect(set(wrong)).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(set({ userId: 'nobody', executionsPerHour: 1 })).rejects.toMatchObject({ code: 'unknown_user' });
    await expect(set({ workflowId: nobody, executionsPerHour: 1 })).rejects.toMatchObject({ code: 'not_found' });
    const asUser = createQuotaService(api.ada.supabase);
    await expect(asUser.setQuota({ userId: null, workflowId: null, executionsPerHour: 1 })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(asUser.removeQuota({ userId: null, workflowId: null })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    expect(await quotas.listQuotas()).toEqual([]);
    expect([
      await quotas.listQuotas({ workflowId: 'x' }),
      await quotas.removeQuota({ userId: null, workflowId: 'x' }),
    ]).toEqual([[], false]);
  });
});
