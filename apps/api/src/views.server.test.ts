import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';
import { refusalOf } from './fixtures/refusal.ts';

let fixture: ApiFixture;
let anna: TestUser;
let ben: TestUser;

beforeAll(async () => {
  fixture = await startApiFixture();
  [anna, ben] = await Promise.all([fixture.signUp('anna'), fixture.signUp('ben')]);
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

test('a view is saved, listed, renamed and deleted; what no filter has is left out and named', async () => {
  const { execution } = anna.client;
  const saved = await execution.saveView.mutate({
    ...{ name: ' Failed today ', filter: 'tag=vip&status=failed,ill&colour=red&from=-24h' },
    ...{ columns: ['status', 'duration'], orderBy: 'duration', timeZone: 'Europe/Berlin' },
  });
  expect(saved).toMatchObject({
    ...{ name: 'Failed today', filter: 'status=failed&from=-24h&tags=vip', columns: ['status', 'duration'] },
    ...{ orderBy: 'duration', orderDirection: 'desc', timeZone: 'Europe/Berlin', isShared: false, isOwn: true },
    ignored: ['colour', 'status=ill'],
  });
  const { ignored: _, ...view } = saved;
  expect(await execution.listViews.query()).toEqual([view]);
  const { id } = view;
  expect(await execution.saveView.mutate({ id, name: 'Failed' })).toMatchObject({ id, name: 'Failed', filter: '' });
  expect(await execution.deleteView.mutate({ id })).toEqual({ result: 'deleted' });
  expect(await execution.listViews.query()).toEqual([]);
  expect(await refusalOf(execution.deleteView.mutate({ id }))).toMatchObject({ code: 'not_found' });
});

test('a shared view finds what its reader may see', async () => {
  const start = async ({ client }: TestUser) => {
    const { id: workflowId } = await client.workflow.create.mutate(ORDER);
    return (await client.execution.createExecution.mutate({ workflowId, tags: ['vip'] })).id;
  };
  const [, bens] = [await start(anna), await start(ben)];
  const { id } = await anna.client.execution.saveView.mutate({ name: 'VIPs', filter: 'tag=vip', isShared: true });
  const { filter, isOwn } = await ben.client.execution.getView.query({ id });
  const { items } = await ben.client.execution.listExecutions.query({ filter });
  expect([isOwn, items.map((item) => item.id)]).toEqual([false, [bens]]);
  await anna.client.execution.saveView.mutate({ id, name: 'VIPs', filter: 'tag=vip', isShared: false });
  expect(await refusalOf(ben.client.execution.getView.query({ id }))).toMatchObject({ code: 'not_found' });
});

test.each([
  [{ name: '' }, 'name'],
  [{ name: 'x', filter: 'text=no' }, 'filter'],
  [{ name: 'x', filter: 'x'.repeat(16_001) }, 'filter'],
  [{ name: 'x', columns: Array.from({ length: 51 }, String) }, 'columns'],
  [{ name: 'x', timeZone: 'Mars/Olympus' }, 'timeZone'],
  [{ name: 'x', timeZone: '+05:30' }, 'timeZone'],
])('a view like %o is refused with what is wrong', async (view, field) => {
  const refusal = await refusalOf(anna.client.execution.saveView.mutate(view));
  expect(refusal).toMatchObject({ code: 'invalid_input' });
  expect(JSON.stringify(refusal)).toContain(field);
});
