import { createAppRouter } from '@runledger/router';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import { firstEvent } from './fixtures/first-event.ts';
import { refusalOf } from './fixtures/refusal.ts';

/** What Anna has, and Ben must neither see nor touch. */
interface Annas {
  /** Private. */
  workflowId: string;
  /** Ben may start it. */
  publishedId: string;
  /** An execution of each. */
  executionIds: string[];
}

/** Ben's call, and that he learns and changes nothing of Anna's by it. */
type TenantTest = (ben: TestUser, annas: Annas) => Promise<void>;

const notFound = async (call: Promise<unknown>) => expect(await refusalOf(call)).toMatchObject({ code: 'not_found' });
const eachNotFound = (answers: object[], ids: string[]) =>
  expect(answers).toMatchObject(ids.map((id) => ({ id, ok: false, code: 'not_found' })));
const none = { total: 0, running: 0, completed: 0, failed: 0, avgDuration: null };

const NO_PAGE = expect.objectContaining({ items: [], nextCursor: null, searchedUntil: null });

/** Filters that are searched under the service role, and that all of Anna's executions satisfy. */
const searches = (ids: string[]) => [
  { status: ['running' as const, 'pending' as const] },
  { tags: ['anna'] },
  { filter: 'not=completed&not=tag:bens&from=-24h&queue=orders&type=order' },
  { ids },
  { text: 'Temporal' },
  { maxDurationMs: 1_000_000, orderBy: 'duration' as const },
  { health: ['live' as const, 'late' as const, 'lost' as const] },
];

const tests: Record<string, TenantTest> = {
  'execution.createExecution': ({ client }, { workflowId }) =>
    notFound(client.execution.createExecution.mutate({ workflowId })),

  'execution.getExecution': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(client.execution.getExecution.query({ id }));
  },

  'execution.decodePayloads': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(client.execution.decodePayloads.query({ id }));
  },
  'execution.getStory': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(client.execution.getStory.query({ id }));
  },

  'execution.getUserNames': async ({ client, id }, { workflowId, publishedId }) => {
    const ids = [anna.id, id];
    expect(await client.execution.getUserNames.query({ ids })).toEqual([{ id, name: null }]);
    await notFound(client.execution.getUserNames.query({ ids, workflowId }));
    const published = client.execution.getUserNames.query({ ids, workflowId: publishedId });
    expect(await refusalOf(published)).toMatchObject({ code: 'permission_denied' });
  },

  'execution.explainExecution': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(client.execution.explainExecution.query({ id }));
  },

  'execution.getFailureGroups': async ({ client }, { workflowId, publishedId }) => {
    for (const filter of [{}, { workflowId }, { workflowId: publishedId }])
      expect((await client.execution.getFailureGroups.query(filter)).groups).toEqual([]);
    for (const id of [workflowId, publishedId])
      await notFound(client.execution.getFailureGroups.query({ workflowId: id, of: 'everyone' }));
  },

  'execution.getFailureUsers': async ({ client }, { workflowId, publishedId }) => {
    const failureGroup = '0'.repeat(16);
    await notFound(client.execution.getFailureUsers.query({ workflowId, failureGroup }));
    const published = client.execution.getFailureUsers.query({ workflowId: publishedId, failureGroup });
    expect(await refusalOf(published)).toMatchObject({ code: 'permission_denied' });
  },

  'execution.recentRuns': async ({ client }, { workflowId, publishedId }) => {
    const runs = await client.execution.recentRuns.query({ workflowIds: [workflowId, publishedId] });
    expect(runs).toEqual({ [workflowId]: [], [publishedId]: [] });
  },

  'execution.countByHealth': async ({ client }, { workflowId, publishedId }) => {
    for (const filter of [{}, { workflowId }, { workflowId: publishedId }])
      expect(await client.execution.countByHealth.query(filter)).toMatchObject({ open: 0, unchecked: 0 });
    for (const id of [workflowId, publishedId])
      await notFound(client.execution.countByHealth.query({ workflowId: id, of: 'everyone' }));
  },

  'execution.compareExecutions': async ({ client }, { executionIds, publishedId }) => {
    for (const id of executionIds) await notFound(client.execution.compareExecutions.query({ id }));
    const { id } = await client.execution.createExecution.mutate({ workflowId: publishedId });
    for (const other of executionIds) await notFound(client.execution.compareExecutions.query({ id, with: other }));
    await client.execution.terminateExecution.mutate({ id, reason: 'seen enough' });
    await fixture.supabase.database.query('delete from runledger.workflow_executions where id = $1', [id]);
  },

  'execution.search': async ({ client }, { executionIds }) => {
    for (const text of [...executionIds, 'Temporal', 'anna'])
      expect(await client.execution.search.query({ text })).toEqual([]);
  },

  'execution.getHealth': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(client.execution.getHealth.query({ id }));
  },

  'execution.getTimeline': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(client.execution.getTimeline.query({ id }));
  },

  'execution.listExecutions': async ({ client }, { workflowId, publishedId, executionIds }) => {
    for (const filter of [{}, { workflowId }, { workflowId: publishedId }, ...searches(executionIds)])
      expect(await client.execution.listExecutions.query(filter)).toEqual(NO_PAGE);
  },

  'execution.listWorkflowExecutions': async ({ client }, { workflowId, publishedId }) => {
    await notFound(client.execution.listWorkflowExecutions.query({ workflowId }));
    const published = client.execution.listWorkflowExecutions.query({ workflowId: publishedId });
    expect(await refusalOf(published)).toMatchObject({ code: 'permission_denied' });
  },

  'execution.countExecutions': async ({ client }, { workflowId, publishedId, executionIds }) => {
    for (const filter of [{}, { workflowId }, { workflowId: publishedId }, ...searches(executionIds)])
      expect(await client.execution.countExecutions.query(filter)).toMatchObject({ count: 0, exactness: 'exact' });
  },

  'execution.countWorkflowExecutions': async ({ client }, { workflowId, publishedId }) => {
    await notFound(client.execution.countWorkflowExecutions.query({ workflowId }));
    const published = client.execution.countWorkflowExecutions.query({ workflowId: publishedId });
    expect(await refusalOf(published)).toMatchObject({ code: 'permission_denied' });
  },

  'execution.getStats': async ({ client }, { workflowId, publishedId }) => {
    for (const filter of [{}, { workflowId }, { workflowId: publishedId }])
      expect(await client.execution.getStats.query(filter)).toMatchObject(none);
  },

  'execution.getWorkflowStatistics': async ({ client }, { workflowId, publishedId }) => {
    await notFound(client.execution.getWorkflowStatistics.query({ workflowId }));
    const published = await client.execution.getWorkflowStatistics.query({ workflowId: publishedId });
    expect(published).toMatchObject({ of: 'caller', ...none });
  },

  'execution.getTimeSeries': async ({ client }, { workflowId, publishedId }) => {
    const window = { from: '2026-01-01T00:00:00Z', to: '2026-12-31T00:00:00Z' };
    for (const filter of [{}, { workflowId }, { workflowId: publishedId }]) {
      const { points } = await client.execution.getTimeSeries.query({ ...window, ...filter });
      expect(points.filter(({ total }) => total > 0)).toEqual([]);
    }
    for (const id of [workflowId, publishedId])
      await notFound(client.execution.getTimeSeries.query({ ...window, workflowId: id, of: 'everyone' }));
  },

  'execution.getTopWorkflows': async ({ client }) => {
    expect(await client.execution.getTopWorkflows.query()).toEqual([]);
  },

  'execution.getTopFailures': async ({ client }, { workflowId, publishedId }) => {
    for (const filter of [{}, { workflowId }, { workflowId: publishedId }])
      expect(await client.execution.getTopFailures.query(filter)).toEqual([]);
    for (const id of [workflowId, publishedId])
      await notFound(client.execution.getTopFailures.query({ workflowId: id, of: 'everyone' }));
    await notFound(client.execution.getTopFailures.query({ of: 'everyone' }));
  },

  'execution.getWorkflowCounters': async ({ client }) => {
    for (const of of ['caller', 'everyone'] as const)
      expect(await client.execution.getWorkflowCounters.query({ of })).toEqual([]);
  },

  'execution.watchExecution': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(firstEvent(client.execution.watchExecution, { id }));
  },

  'execution.watchExecutions': async ({ client }, { workflowId, publishedId, executionIds }) => {
    for (const filter of [{}, { workflowId }, { workflowId: publishedId }, ...searches(executionIds)]) {
      const { data } = await firstEvent(client.execution.watchExecutions, filter);
      expect(data).toMatchObject({ kind: 'snapshot', items: [] });
    }
  },

  'execution.watchStats': async ({ client }, { workflowId, publishedId }) => {
    for (const filter of [{}, { workflowId }, { workflowId: publishedId }])
      expect((await firstEvent(client.execution.watchStats, filter)).data).toMatchObject(none);
  },

  'execution.getRunCount': async ({ client }, { workflowId, publishedId }) => {
    for (const filter of [{}, { workflowId }, { workflowId: publishedId }])
      expect(await client.execution.getRunCount.query(filter)).toBe(0);
    for (const filter of [{}, { workflowId }, { workflowId: publishedId }])
      await notFound(client.execution.getRunCount.query({ ...filter, of: 'everyone' }));
  },

  'execution.getQuotas': async ({ client }, { workflowId, publishedId }) => {
    await notFound(client.execution.getQuotas.query({ workflowId }));
    for (const filter of [{}, { workflowId: publishedId }])
      expect(await client.execution.getQuotas.query(filter)).toEqual([]);
  },

  'execution.cancelExecution': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(client.execution.cancelExecution.mutate({ id }));
  },

  'execution.terminateExecution': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(client.execution.terminateExecution.mutate({ id, reason: 'x' }));
  },

  'execution.endExecution': async ({ client }, { executionIds }) => {
    for (const id of executionIds)
      await notFound(client.execution.endExecution.mutate({ id, as: 'failed', reason: 'x' }));
  },

  'execution.trackExecution': async ({ client }, { executionIds, workflowId }) => {
    for (const temporalWorkflowId of executionIds)
      expect(await refusalOf(client.execution.trackExecution.mutate({ workflowId, temporalWorkflowId }))).toMatchObject(
        {
          code: 'permission_denied',
        },
      );
  },

  'execution.signalExecution': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(client.execution.signalExecution.mutate({ id, name: 'approve' }));
  },

  'execution.resetExecution': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(client.execution.resetExecution.mutate({ id, reason: 'x' }));
  },

  'execution.rerunExecution': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(client.execution.rerunExecution.mutate({ id, input: 'mine' }));
  },

  'execution.deleteExecution': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(client.execution.deleteExecution.mutate({ id }));
  },

  'execution.reportProgress': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(client.execution.reportProgress.mutate({ id, percent: 100 }));
  },

  'execution.getProgress': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(client.execution.getProgress.query({ id }));
  },

  'execution.getRequests': async ({ client }, { executionIds }) => {
    for (const id of executionIds) await notFound(client.execution.getRequests.query({ id }));
  },

  'execution.cancelExecutions': async ({ client }, { executionIds: ids }) =>
    eachNotFound(await client.execution.cancelExecutions.mutate({ ids }), ids),

  'execution.terminateExecutions': async ({ client }, { executionIds: ids }) =>
    eachNotFound(await client.execution.terminateExecutions.mutate({ ids, reason: 'x' }), ids),

  'execution.signalExecutions': async ({ client }, { executionIds: ids }) =>
    eachNotFound(await client.execution.signalExecutions.mutate({ ids, name: 'approve' }), ids),

  'execution.resetExecutions': async ({ client }, { executionIds: ids }) =>
    eachNotFound(await client.execution.resetExecutions.mutate({ ids, reason: 'x' }), ids),

  'execution.endExecutions': async ({ client }, { executionIds: ids }) =>
    eachNotFound(await client.execution.endExecutions.mutate({ ids, as: 'failed', reason: 'x' }), ids),

  'execution.createExecutions': async ({ client }, { workflowId }) =>
    expect(await client.execution.createExecutions.mutate({ executions: [{ workflowId }] })).toMatchObject([
      { ok: false, code: 'not_found' },
    ]),

  'execution.rerunExecutions': async ({ client }, { executionIds: ids }) =>
    eachNotFound(await client.execution.rerunExecutions.mutate({ ids, input: 'mine' }), ids),

  'execution.deleteExecutions': async ({ client }, { executionIds: ids }) =>
    eachNotFound(await client.execution.deleteExecutions.mutate({ ids }), ids),

  'execution.listViews': async ({ client }) => {
    await anna.client.execution.saveView.mutate({ name: 'Anna’s' });
    expect(await client.execution.listViews.query()).toEqual([]);
  },

  'execution.getView': async ({ client }) => {
    const own = await anna.client.execution.saveView.mutate({ name: 'Anna’s' });
    await notFound(client.execution.getView.query({ id: own.id }));
    const shared = await anna.client.execution.saveView.mutate({
      name: 'Everybody’s',
      filter: 'tag=anna',
      isShared: true,
    });
    const read = await client.execution.getView.query({ id: shared.id });
    expect(read).toMatchObject({ name: 'Everybody’s', isOwn: false });
    expect(JSON.stringify(read)).not.toContain(anna.id);
    // What it finds is what the reader may see.
    expect(await client.execution.listExecutions.query({ filter: read.filter })).toEqual(NO_PAGE);
  },

  'execution.saveView': async ({ client }) => {
    const { id } = await anna.client.execution.saveView.mutate({ name: 'Everybody’s', isShared: true });
    await notFound(client.execution.saveView.mutate({ id, name: 'Ben’s' }));
    expect(await client.execution.saveView.mutate({ name: 'Everybody’s' })).not.toMatchObject({ id });
    expect(await anna.client.execution.getView.query({ id })).toMatchObject({ name: 'Everybody’s', isOwn: true });
  },

  'execution.deleteView': async ({ client }) => {
    const { id } = await anna.client.execution.saveView.mutate({ name: 'Everybody’s', isShared: true });
    await notFound(client.execution.deleteView.mutate({ id }));
    expect(await anna.client.execution.getView.query({ id })).toMatchObject({ id });
  },

  'key.create': async ({ client, id }) => {
    const made = await client.key.create.mutate({ name: 'Ben’s', scopes: ['read'] });
    expect(made.userId).toBe(id);
    const byKey = fixture.api.clientWith(made.key);
    expect(await byKey.execution.listExecutions.query()).toEqual(NO_PAGE);
  },

  'key.list': async ({ client }) => {
    await anna.client.key.create.mutate({ name: 'Anna’s', scopes: ['read'] });
    expect((await client.key.list.query()).map(({ name }) => name)).not.toContain('Anna’s');
    const all = client.key.list.query({ of: 'everyone' });
    expect(await refusalOf(all)).toMatchObject({ code: 'permission_denied' });
  },

  'key.revoke': async ({ client }) => {
    const { id, key } = await anna.client.key.create.mutate({ name: 'Anna’s', scopes: ['read'] });
    await notFound(client.key.revoke.mutate({ id }));
    expect(await fixture.api.clientWith(key).execution.getRunCount.query()).toBe(0);
  },

  'workflow.list': async ({ client }, { publishedId }) => {
    expect((await client.workflow.list.query()).items.map(({ id }) => id)).toEqual([publishedId]);
  },

  'workflow.get': ({ client }, { workflowId }) => notFound(client.workflow.get.query({ id: workflowId })),

  'workflow.create': async ({ client, id }) => {
    // There is no way to create in another's name: the owner is who calls.
    const asAnna = { ...ORDER, userId: 'anna', id: '01939c5e-0000-7000-8000-00000000dead' };
    const created = await client.workflow.create.mutate(asAnna);
    expect(created.userId).toBe(id);
    expect(created.id).not.toBe(asAnna.id);
  },

  'workflow.update': async ({ client }, { workflowId, publishedId }) => {
    await notFound(client.workflow.update.mutate({ id: workflowId, name: 'mine now' }));
    const published = client.workflow.update.mutate({ id: publishedId, name: 'mine now' });
    expect(await refusalOf(published)).toMatchObject({ code: 'permission_denied' });
  },

  'system.getProof': async ({ client }) => {
    // No monitor runs here.
    expect(await client.system.getProof.query()).toBeNull();
    await fixture.publishProof('watched', 2);
    const proof = await client.system.getProof.query({ namespace: 'watched' });
    expect(proof).toMatchObject({ isWell: true, own: { open: 0, unchecked: 0 } });
    // Neither how many others run, nor who follows them.
    expect(Object.keys(proof ?? {}).sort()).toEqual([
      'at',
      'isWell',
      'own',
      'periodMs',
      'periodReachedMs',
      'retentionMs',
    ]);
  },

  'system.getNamespaces': async ({ client }) => {
    expect(await refusalOf(client.system.getNamespaces.query())).toMatchObject({ code: 'permission_denied' });
  },

  'system.health': async ({ client }) => {
    expect(await client.system.health.query()).toEqual({
      ...{ status: 'ok', ledger: true, engine: true, why: [] },
      followed: expect.any(Boolean),
    });
  },
};

let fixture: ApiFixture;
let anna: TestUser;
let ben: TestUser;
let annas: Annas;

beforeAll(async () => {
  fixture = await startApiFixture();
  [anna, ben] = await Promise.all([fixture.signUp('anna', { isOperator: true }), fixture.signUp('ben')]);
  const { id: workflowId } = await anna.client.workflow.create.mutate(ORDER);
  const { id: publishedId } = await anna.client.workflow.create.mutate({ ...ORDER, visibility: 'published' });
  const start = (id: string) =>
    anna.client.execution.createExecution.mutate({ workflowId: id, input: 'anna’s', tags: ['anna'] });
  const executionIds = [(await start(workflowId)).id, (await start(publishedId)).id];
  annas = { workflowId, publishedId, executionIds };
  await fixture.supabase.database.query(
    `insert into runledger.execution_quotas (user_id, workflow_id, executions_per_hour) values ($1, null, 9), (null, $2, 9)`,
    [anna.id, workflowId],
  );
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

test('every procedure has a test that another tenant learns and changes nothing by it', () => {
  const procedures = Object.keys(createAppRouter({ startable: [] })._def.procedures);
  expect(Object.keys(tests).sort()).toEqual(procedures.sort());
});

test.each(Object.entries(tests))('%s', async (_, isolated) => {
  const annasRows = async () => (await fixture.ledger()).flat().filter((row) => JSON.stringify(row).includes(anna.id));
  const before = await annasRows();
  await isolated(ben, annas);
  expect(await annasRows()).toEqual(before);
});

/** Anna’s, who published as an operator and is none any more. */
const ownersToken = () => fixture.tokenFor(anna.id, { seconds: 600 });

test('who owns a published workflow counts what others run of it, and opens, reads and stops none of it', async () => {
  const bens = await ben.client.execution.createExecution.mutate({ workflowId: annas.publishedId, tags: ['bens'] });
  const { id } = bens;
  const { execution } = fixture.api.clientWith(await ownersToken());
  const published = { workflowId: annas.publishedId };
  const everyone = { ...published, of: 'everyone' as const };
  expect(await execution.getWorkflowStatistics.query(published)).toMatchObject({ of: 'everyone', total: 2 });
  expect(await execution.countWorkflowExecutions.query(published)).toMatchObject({ count: 2 });
  const day = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };
  const { points } = await execution.getTimeSeries.query({ ...everyone, ...day });
  expect(points.reduce((sum, { total }) => sum + total, 0)).toBe(2);
  const counters = await execution.getWorkflowCounters.query({ of: 'everyone' });
  expect(counters.find(({ workflowId }) => workflowId === annas.publishedId)).toMatchObject({ total: 2 });
  for (const call of [
    () => execution.listWorkflowExecutions.query(published),
    () => execution.countWorkflowExecutions.query({ ...published, userId: ben.id }),
    () => execution.countWorkflowExecutions.query({ ...published, tags: ['bens'] }),
    () => execution.countWorkflowExecutions.query({ ...published, filter: 'tag=bens' }),
    () => execution.countWorkflowExecutions.query({ ...published, filter: { not: { tags: ['bens'] } } }),
    () => execution.getTopFailures.query(everyone),
  ])
    expect(await refusalOf(call())).toMatchObject({ code: 'permission_denied', httpStatus: 403 });
  await notFound(execution.getExecution.query({ id }));
  await notFound(execution.cancelExecution.mutate({ id }));
  await notFound(execution.terminateExecution.mutate({ id, reason: 'x' }));
  const listed = await execution.listExecutions.query(published);
  expect(listed.items.map((item) => item.id)).not.toContain(id);
});

test('where the host shows rows, who owns a published workflow lists and counts others’, and opens none', async () => {
  const bens = await ben.client.execution.createExecution.mutate({ workflowId: annas.publishedId });
  await using api = await startApi(fixture.variables, { publishing: { maySeeRows: () => true } });
  const { execution } = api.clientWith(await ownersToken());
  const ofBen = { workflowId: annas.publishedId, userId: ben.id };
  const all = await execution.listWorkflowExecutions.query(ofBen);
  expect(all.items.map((item) => item.id)).toContain(bens.id);
  expect(Object.keys(all.items[0] ?? {})).not.toContain('input');
  const searched = await execution.listWorkflowExecutions.query({ ...ofBen, status: ['running', 'pending'] });
  expect(searched.items).toEqual(all.items);
  expect(await execution.countWorkflowExecutions.query(ofBen)).toMatchObject({ count: all.items.length });
  expect(await execution.getTopFailures.query({ workflowId: annas.publishedId, of: 'everyone' })).toEqual([]);
  await notFound(execution.getExecution.query({ id: bens.id }));
});
