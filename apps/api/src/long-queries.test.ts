import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture } from './fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from './fixtures/api-fixture.ts';

let fixture: ApiFixture;
beforeAll(async () => {
  fixture = await startApiFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

test('lists of a hundred ids each, several at once, are answered: they do not go in an address', async () => {
  const anna = await fixture.signUp('anna');
  const { id: workflowId } = await anna.client.workflow.create.mutate(ORDER);
  const { id } = await anna.client.execution.createExecution.mutate({ workflowId });
  const ids = [id, ...Array.from({ length: 99 }, () => randomUUID())];
  const lists = Array.from({ length: 4 }, () => anna.client.execution.listExecutions.query({ ids, limit: 100 }));
  for (const { items } of await Promise.all(lists)) expect(items.map((item) => item.id)).toEqual([id]);
});
