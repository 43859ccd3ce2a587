import { expect, test } from 'vitest';
import type { RunledgerClient } from '../client.ts';
import { sampleRow } from '../react/fixtures/sample-rows.ts';
import type { ListInput } from './catch-up.ts';
import { catchUp } from './catch-up.ts';

const row = (number: number, revision = 1) =>
  sampleRow({ status: 'running', id: `01a2255b-c722-7728-aee6-${String(number).padStart(12, '0')}`, revision });

/** An API with these rows: lists by id find what is there, other lists answer the first page. */
function apiOf(rows: ReturnType<typeof row>[], firstPage: ReturnType<typeof row>[]) {
  const asked: ListInput[] = [];
  const query = async (input: ListInput) => {
    asked.push(input);
    const items = input.ids ? rows.filter(({ id }) => input.ids?.includes(id)) : firstPage;
    return { items, nextCursor: null };
  };
  return { asked, client: { execution: { listExecutions: { query } } } as unknown as RunledgerClient };
}

test('rows that are shown are read by their ids, those that are gone are told, and what is new is counted', async () => {
  const { client } = apiOf([row(1, 7), row(3)], [row(3), row(1, 7)]);
  const { changes, newIds } = await catchUp(client, { status: ['running'] }, [row(1), row(2)]);
  expect(changes).toEqual([{ execution: row(1, 7) }, { deletedId: row(2).id }]);
  expect(newIds).toEqual([row(3).id]);
});

test('a long list is read by a hundred ids a call', async () => {
  const shown = Array.from({ length: 250 }, (_, index) => row(index));
  const { client, asked } = apiOf(shown, []);
  expect((await catchUp(client, {}, shown)).changes).toHaveLength(250);
  expect(asked.map(({ ids }) => ids?.length)).toEqual([undefined, 100, 100, 50]);
});

test('an operator’s list of everybody’s executions finds its rows among everybody’s', async () => {
  const { client, asked } = apiOf([row(1)], []);
  await catchUp(client, { of: 'everyone' }, [row(1)]);
  expect(asked.map(({ of }) => of)).toEqual(['everyone', 'everyone']);
});
