import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';
import { firstEvent } from './fixtures/first-event.ts';

let fixture: ApiFixture;
let anna: TestUser;
/** Five executions, newest first; every second one is tagged `even`. */
let ids: string[];

beforeAll(async () => {
  fixture = await startApiFixture();
  anna = await fixture.signUp('anna');
  const { id: workflowId } = await anna.client.workflow.create.mutate(ORDER);
  ids = [];
  for (let n = 0; n < 5; n += 1) {
    const tags = n % 2 === 0 ? ['even'] : [];
    ids.unshift((await anna.client.execution.createExecution.mutate({ workflowId, tags })).id);
  }
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

test('one text filters lists, counts and subscriptions; what it does not know is named', async () => {
  const { execution } = anna.client;
  const filter = 'not=completed,failed&not=tag:even&queue=orders&type=order&from=-24h&colour=red&status=ill';
  const listed = await execution.listExecutions.query({ filter });
  expect(listed.items.map(({ id }) => id)).toEqual([ids[1], ids[3]]);
  expect(listed.ignored).toEqual(['colour', 'status=ill']);
  expect(await execution.countExecutions.query({ filter })).toMatchObject({ count: 2, ignored: listed.ignored });
  const { data } = await firstEvent(execution.watchExecutions, { filter });
  expect(data).toMatchObject({ kind: 'snapshot', items: listed.items });
});

test('a relative instant is told as it was understood, and a list by one goes on page after page', async () => {
  const { execution } = anna.client;
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await execution.listExecutions.query({ filter: 'from=-24h', limit: 2, cursor });
    expect(Date.parse(page.asOf) - Date.parse(page.window.from as string)).toBe(24 * 3_600_000);
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen).toEqual(ids);
  const none = await execution.listExecutions.query({ filter: 'to=-24h' });
  expect(none.items).toEqual([]);
  expect(await execution.countExecutions.query({ endedFrom: '-24h' })).toMatchObject({
    count: 0,
    window: { endedFrom: expect.any(String) },
  });
});

test('a list by several workflows has those of each, in one order', async () => {
  const { workflow, execution } = anna.client;
  const [known] = (await workflow.list.query()).items;
  const { id: another } = await workflow.create.mutate({ ...ORDER, name: 'Another' });
  const { id } = await execution.createExecution.mutate({ workflowId: another });
  const both = await execution.listExecutions.query({ workflowIds: [known?.id as string, another], limit: 2 });
  expect(both.items.map((item) => item.id)).toEqual([id, ids[0]]);
  const one = await execution.listExecutions.query({ filter: `workflow=${another}` });
  expect(one.items.map((item) => item.id)).toEqual([id]);
});
