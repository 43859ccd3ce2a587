import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';

let fixture: ApiFixture;
let anna: TestUser;
let ben: TestUser;
let workflowId: string;

/** Of UTC, as it was when the tests began: they may go on past midnight. */
const YESTERDAY_MS = Math.floor(Date.now() / 86_400_000 - 1) * 86_400_000;
const at = (hours: number) => new Date(YESTERDAY_MS + hours * 3_600_000).toISOString();
const NOON = at(12);
const DAY = { from: at(0), to: at(24) };

beforeAll(async () => {
  fixture = await startApiFixture();
  [anna, ben] = await Promise.all([fixture.signUp('anna', { isOperator: true }), fixture.signUp('ben')]);
  const workflow = await anna.client.workflow.create.mutate({ ...ORDER, visibility: 'published' });
  workflowId = workflow.id;
  const service = createExecutionService(
    connectSupabase({ url: fixture.supabase.url, key: fixture.supabase.serviceRoleKey }),
  );
  const run = async (userId: string, startedAt: string, end: (id: string) => Promise<unknown>) => {
    const { id } = await service.createExecution({ workflowId, userId, startedAt });
    await end(id);
  };
  for (const ms of [100, 200, 300, 400]) await run(anna.id, NOON, (id) => service.markCompleted(id, null, ms));
  for (const n of [17, 18])
    await run(anna.id, NOON, (id) => service.markFailed(id, { type: 'CardError', message: `card ${n} declined` }, 50));
  await run(anna.id, at(-12), (id) => service.markCompleted(id, null, 1_000));
  await run(ben.id, NOON, (id) => service.markCompleted(id, null, 5_000));
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

test('a series by five minutes has the executions of each, exactly, and nothing of others', async () => {
  const window = { from: at(11.9), to: at(12.5), step: '5min' as const };
  const { points, exactness } = await anna.client.execution.getTimeSeries.query(window);
  expect(exactness).toEqual({ counts: 'exact', percentiles: 'exact' });
  expect(points).toHaveLength(8);
  expect(Date.parse(points[0]?.startsAt ?? '')).toBe(Date.parse(at(11.75 + 1 / 12)));
  expect(points.filter(({ total }) => total > 0)).toMatchObject([
    { total: 6, completed: 4, failed: 2, p50Duration: 100, p95Duration: 400, isRounded: false },
  ]);
  const everyone = { ...window, workflowId, of: 'everyone' as const };
  const all = (await anna.client.execution.getTimeSeries.query(everyone)).points;
  expect(all.reduce((sum, { total }) => sum + total, 0)).toBe(7);
});

test('statistics of a day have percentiles, what they are of, and the change since the day before', async () => {
  const stats = await anna.client.execution.getStats.query({ ...DAY, withPrevious: true });
  expect(stats).toMatchObject({
    total: 6,
    completed: 4,
    failed: 2,
    ended: 6,
    successRate: 66.7,
    minDuration: 50,
    maxDuration: 400,
    window: { from: expect.stringContaining(DAY.from.slice(0, 19)), to: expect.stringContaining(DAY.to.slice(0, 19)) },
    exactness: { counts: 'exact', percentiles: 'estimated' },
    previous: { total: 1, completed: 1, p50Duration: 1_000 },
    change: { total: 5, failed: 2, successRate: -33.3 },
  });
  expect(Math.abs((stats.p50Duration ?? 0) - 100)).toBeLessThanOrEqual(2);
  expect(Math.abs((stats.p99Duration ?? 0) - 400)).toBeLessThanOrEqual(8);
  // An estimate says no more than it knows.
  for (const { p50Duration, p90Duration, p99Duration, p95QueueTime } of [stats, stats.previous ?? stats])
    for (const ms of [p50Duration, p90Duration, p99Duration, p95QueueTime]) expect(ms).toBe(ms && Math.round(ms));
  expect(stats.change?.p50Duration).toBe((stats.p50Duration ?? 0) - 1_000);
  expect((await anna.client.execution.getStats.query()).previous).toBeNull();
});

test('a series has a point for every day, also where nothing ran, in the days of the caller’s zone', async () => {
  const week = { from: at(-5 * 24), to: at(2 * 24) };
  const { points } = await anna.client.execution.getTimeSeries.query(week);
  expect(points.map(({ total }) => total)).toEqual([0, 0, 0, 0, 1, 6, 0]);
  expect(points[5]).toMatchObject({ completed: 4, failed: 2, isRounded: false });
  const { points: inAuckland } = await anna.client.execution.getTimeSeries.query({
    ...week,
    timeZone: 'Pacific/Auckland',
  });
  const busy = inAuckland.filter(({ total }) => total > 0);
  expect(busy.map(({ total }) => total)).toEqual([1, 6]);
  // Midnight there is 11:00 UTC in summer and 12:00 in winter.
  expect(busy[1]?.startsAt).toMatch(new RegExp(`^${DAY.from.slice(0, 10)}T1[12]:00:00`));
});

test('failures are ranked by kind, with one to look at, and the kind filters the list', async () => {
  const [kind, ...others] = await anna.client.execution.getTopFailures.query(DAY);
  expect(others).toEqual([]);
  expect(kind).toMatchObject({ type: 'CardError', message: 'card # declined', executions: 2, exactness: 'exact' });
  const { items } = await anna.client.execution.listExecutions.query({ failureGroup: kind?.failureGroup ?? '' });
  expect(items).toHaveLength(2);
  expect(items[0]?.id).toBe(kind?.lastExecutionId);
});

test('the owner of a workflow sees everybody’s numbers of it, a user their own', async () => {
  const everyone = { ...DAY, workflowId, of: 'everyone' as const };
  const { points } = await anna.client.execution.getTimeSeries.query({ ...everyone, step: 'hour' });
  expect(points.map(({ total }) => total).filter(Boolean)).toEqual([7]);
  expect(await anna.client.execution.getWorkflowCounters.query({ of: 'everyone' })).toMatchObject([
    { workflowId, total: 8 },
  ]);
  expect(await ben.client.execution.getWorkflowCounters.query()).toMatchObject([
    { workflowId, total: 1, completed: 1 },
  ]);
  expect(await ben.client.execution.getTopWorkflows.query(DAY)).toMatchObject([
    { workflowId, name: ORDER.name, total: 1, change: null },
  ]);
  // The window before is of the caller’s own too: of anna there was one in it, of ben none.
  const compared = { ...DAY, withPrevious: true };
  expect(await ben.client.execution.getTopWorkflows.query(compared)).toMatchObject([
    { total: 1, change: { total: 1, successRate: null, p95Duration: null } },
  ]);
  expect(await anna.client.execution.getTopWorkflows.query(compared)).toMatchObject([
    { workflowId, total: 6, p95Duration: expect.any(Number), change: { total: 5, successRate: -33.3 } },
  ]);
});

test.each([
  ['a window that ends before it starts', { from: DAY.to, to: DAY.from }],
  ['a zone that there is not', { ...DAY, timeZone: 'Mars/Olympus' }],
  ['a zone that only Postgres makes one of', { ...DAY, timeZone: 'America/Nowhere5' }],
  ['an offset', { ...DAY, timeZone: '+05:30' }],
  ['more points than a chart has', { from: '2020-01-01T00:00:00Z', to: DAY.to }],
  ['five minutes of more than a day', { from: at(0), to: at(25), step: '5min' as const }],
  ['hours that are no longer kept', { from: at(-90 * 24), to: at(-89 * 24), step: 'hour' as const }],
])('%s is refused as invalid_input', async (_, request) => {
  await fixture.supabase.database.query('select runledger.fold_execution_stats()');
  await expect(anna.client.execution.getTimeSeries.query(request)).rejects.toMatchObject({
    data: { executionCode: 'invalid_input' },
  });
});

test('a relative window is resolved by the server, the same for all statistics, and the answer has what it came to', async () => {
  const { execution, workflow } = anna.client;
  const { id: workflowId } = await workflow.create.mutate({ ...ORDER, name: 'Lately' });
  await execution.createExecution.mutate({ workflowId });
  const before = Date.now();
  const last = { workflowId, from: '-24h' };
  const stats = await execution.getStats.query(last);
  const from = Date.parse(stats.window.from ?? '');
  // Widened to the whole hour before.
  expect(from).toBeLessThanOrEqual(Date.now() - 86_400_000);
  expect(from).toBeGreaterThan(before - 90_000_000);
  expect([stats.total, stats.asOf]).toEqual([1, expect.any(String)]);
  expect(await execution.getWorkflowStatistics.query(last)).toMatchObject({
    ...{ total: 1, window: { from: expect.any(String) } },
  });
  const series = await execution.getTimeSeries.query({ ...last, step: 'hour' });
  const { window } = series;
  expect(Date.parse(window.to) - Date.parse(window.from)).toBe(86_400_000);
  expect(Math.abs(Date.parse(window.to) - before)).toBeLessThan(60_000);
  expect(series.points.reduce((sum, { total }) => sum + total, 0)).toBe(1);
  const passed = { workflowId, from: '-2d', to: '-1d' };
  expect((await execution.getStats.query(passed)).total).toBe(0);
  expect((await execution.getTopWorkflows.query({ from: '-1h' })).map((top) => top.workflowId)).toContain(workflowId);
  await expect(execution.getStats.query({ from: '-1y' })).rejects.toThrow('-24h');
});

test('statistics are by start or by end, under the filter of a list, and say what of it they did not understand', async () => {
  const { execution } = anna.client;
  const service = createExecutionService(
    connectSupabase({ url: fixture.supabase.url, key: fixture.supabase.serviceRoleKey }),
  );
  const { id: own } = await anna.client.workflow.create.mutate({ ...ORDER, name: 'Overnight' });
  // Started the evening before, ended in the morning.
  const { id } = await service.createExecution({
    workflowId: own,
    userId: anna.id,
    startedAt: at(-2),
    tags: ['night'],
  });
  await service.updateExecutionById(id, { status: 'completed', completedAt: at(3) });
  const night = { workflowId: own, from: at(2), to: at(4) };
  expect(await execution.getStats.query(night)).toMatchObject({ by: 'start', total: 0 });
  const ended = { ...night, by: 'end' as const };
  const exact = { counts: 'exact', extremes: 'exact', percentiles: 'exact' };
  expect(await execution.getStats.query({ ...ended, withPrevious: true })).toMatchObject({
    ...{ by: 'end', total: 1, completed: 1, p50Duration: 5 * 3_600_000, exactness: exact, ignored: [] },
    ...{ startedPerHour: null, endedPerHour: 0.5, previous: { by: 'end', total: 0 }, change: { completed: 1 } },
  });
  expect(await execution.getWorkflowStatistics.query(ended)).toMatchObject({ of: 'everyone', total: 1 });
  for (const step of ['5min', 'hour', 'day'] as const) {
    const { points, by } = await execution.getTimeSeries.query({ ...ended, step });
    expect([by, points.reduce((sum, { total }) => sum + total, 0)]).toEqual(['end', 1]);
  }
  const of = (filter: string) => execution.getStats.query({ from: at(-48), to: at(24), filter });
  expect(await of('tag=night&colour=red')).toMatchObject({ total: 1, ignored: ['colour'] });
  expect(await of('status=failed')).toMatchObject({ total: 2, failed: 2, completed: 0 });
  expect(await of('not=failed')).toMatchObject({ total: 6, failed: 0 });
  const text = 'text=card 17 declined';
  expect(await execution.getTimeSeries.query({ ...DAY, filter: text })).toMatchObject({ points: [{ failed: 1 }] });
  // Nothing of others, whoever is named.
  expect(await of(`user=${ben.id}`)).toMatchObject({ total: 0 });
  expect(await ben.client.execution.getStats.query({ ...ended, filter: 'tag=night' })).toMatchObject({ total: 0 });
  await expect(ben.client.execution.getWorkflowStatistics.query(ended)).rejects.toThrow('no workflow');
});

test('a publisher counts others’ executions by status and time, not by what is in them', async () => {
  const { execution } = anna.client;
  const everyone = { ...DAY, workflowId, of: 'everyone' as const };
  const asOwner = await fixture.signUp('carl');
  const mine = await asOwner.client.workflow.create.mutate({ ...ORDER, name: 'Mine' });
  const own = { ...DAY, workflowId: mine.id, of: 'everyone' as const };
  expect(await execution.getStats.query({ ...everyone, filter: 'status=completed' })).toMatchObject({ total: 5 });
  for (const filter of ['text=declined', `user=${ben.id}`, 'tag=vip', 'not=tag:vip', 'verdict=rejected'])
    for (const ask of [
      () => asOwner.client.execution.getStats.query({ ...own, filter }),
      () => asOwner.client.execution.getWorkflowStatistics.query({ ...own, filter }),
      () => asOwner.client.execution.getTimeSeries.query({ ...own, filter }),
    ])
      await expect(ask(), filter).rejects.toMatchObject({ data: { executionCode: 'permission_denied' } });
});
