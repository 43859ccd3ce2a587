import { testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';

/** Of UTC, as it was when the tests began: they may go on past midnight. */
const YESTERDAY_MS = Math.floor(Date.now() / 86_400_000 - 1) * 86_400_000;
const at = (hours: number) => new Date(YESTERDAY_MS + hours * 3_600_000).toISOString();
const YESTERDAY = { from: at(0), to: at(24) };

describe.each(testedKinds('pglite', 'postgres-17'))('statistics on %s', (kind) => {
  let api: LedgerApi;
  let reader: ReturnType<LedgerApi['readerOf']>;
  let own: { userId: string };
  let everyones: { userId: string; ownedWorkflowId: string };

  beforeAll(async () => {
    api = await openLedgerApi(kind);
    reader = api.readerOf(api.ada);
    own = { userId: api.ada.id };
    everyones = { ...own, ownedWorkflowId: api.workflow.id };
    const run = async (userId: string, startedAt: string, durationMs: number, message?: string) => {
      const { id } = await api.service.createExecution({ workflowId: api.workflow.id, userId, startedAt });
      if (message === undefined) await api.service.markCompleted(id, null, durationMs, { verdict: 'good' });
      else await api.service.markFailed(id, message, durationMs);
    };
    for (const ms of [100, 200, 300]) await run(own.userId, at(3), ms);
    await run(own.userId, at(4), 40, 'order 17 refused');
    await run(own.userId, at(-20), 1_000);
    await run(api.bob.id, at(3), 5_000);
  });
  afterAll(() => api?.close());

  test('a window is compared with the one before, where there is one', async () => {
    const stats = await reader.stats(own, { ...YESTERDAY, withPrevious: true });
    expect(stats).toMatchObject({ total: 4, ended: 4, completed: 3, successRate: 75, verdicts: { good: 3 } });
    expect(stats.startedPerHour).toBeCloseTo(4 / 24, 5);
    expect(stats.previous).toMatchObject({ total: 1, maxDuration: 1_000 });
    expect(stats.change).toMatchObject({ total: 3, failed: 1, successRate: -25, avgQueueTime: null });
    const ever = await reader.stats(own, { withPrevious: true });
    expect(ever).toMatchObject({
      total: 5,
      previous: null,
      change: null,
      startedPerHour: null,
      window: { from: null, to: null },
    });
  });

  test('a series, rankings and counters are of the scope and nothing else', async () => {
    const { points, timeZone } = await reader.series(everyones, { ...YESTERDAY, step: 'hour' });
    expect(points).toHaveLength(24);
    expect([points[3]?.total, points[4]?.failed, timeZone]).toEqual([4, 1, 'UTC']);
    expect((await reader.series(own, YESTERDAY)).points.map(({ total }) => total)).toEqual([4]);
    const [top] = await reader.topWorkflows(own, YESTERDAY, 5);
    expect(top).toMatchObject({
      workflowId: api.workflow.id,
      name: 'Order',
      total: 4,
      successRate: 75,
      exactness: 'exact',
      change: null,
    });
    const { p95Duration } = await reader.stats(own, YESTERDAY);
    expect(top?.p95Duration).toBe(p95Duration);
    const [compared] = await reader.topWorkflows(own, { ...YESTERDAY, withPrevious: true }, 5);
    const { change } = await reader.stats(own, { ...YESTERDAY, withPrevious: true });
    expect(compared?.change).toEqual({
      total: change?.total,
      successRate: change?.successRate,
      p95Duration: change?.p95Duration,
    });
    expect(await reader.topWorkflows(own, { from: at(40) }, 5)).toEqual([]);
    const [failure] = await reader.topFailures(everyones, YESTERDAY, 5);
    expect(failure).toMatchObject({ message: 'order # refused', executions: 1, exactness: 'exact' });
    expect(await reader.workflowCounters(own, { owned: false })).toMatchObject([{ total: 5 }]);
    expect(await reader.workflowCounters(own, { owned: true })).toMatchObject([{ total: 6 }]);
    expect(
      await api.readerOf(api.bob).workflowCounters({ userId: api.bob.id, everybody: true }, { owned: false }),
    ).toMatchObject([{ total: 6 }]);
    expect(await api.readerOf(api.bob).workflowCounters({ userId: api.bob.id }, { owned: true })).toEqual([]);
  });

  test('a window backwards is invalid_input, and says so', async () => {
    const backwards = reader.stats(own, { from: at(24), to: at(0) });
    await expect(backwards).rejects.toMatchObject({ code: 'invalid_input', message: /ends .* before it starts/ });
  });

  test('folding changes no number; what somebody changed past the triggers is found, and set right', async () => {
    const before = await reader.stats(own, {});
    const folded = await api.ledger.fold(1_000);
    expect(folded).toBeGreaterThan(0);
    expect(await api.ledger.fold(1_000)).toBe(0);
    expect(await reader.stats(own, {})).toEqual({ ...before, asOf: expect.any(String), exactness: expect.any(Object) });
    expect(await api.ledger.findDrift()).toEqual([]);
    await api.supabase.database.query(
      `update runledger.execution_stats set counts[runledger_private.status_number('failed')] = counts[runledger_private.status_number('failed')] + 2
        where created_by = $1 and grain = 'life'`,
      [own.userId],
    );
    const drift = await api.ledger.findDrift({ userId: own.userId });
    expect(drift).toContainEqual({
      ...{ userId: own.userId, workflowId: null, grain: 'life', startsAt: null },
      ...{ field: 'failed', counted: 3, recounted: 1 },
    });
    expect(await api.ledger.repairDrift({ userId: own.userId })).toBe(drift.length);
    expect(await api.ledger.findDrift({ workflowId: api.workflow.id })).toEqual([]);
  });
});
