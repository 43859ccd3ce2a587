import { exactSource } from '@runledger/contracts';
import type { Payload } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { expect, test } from 'vitest';
import { readVisibleRun } from './visible-run.ts';

const typed = (value: unknown, type: string): Payload => {
  const payload = defaultPayloadConverter.toPayload(value) as Payload;
  return { ...payload, metadata: { ...payload.metadata, type: Buffer.from(type) } };
};
const broken: Payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{') };
const read = (indexedFields: Record<string, Payload>, fields: Record<string, Payload> = {}) =>
  readVisibleRun(loadDataConverter(), { searchAttributes: { indexedFields }, memo: { fields } });

test('a search attribute is one value, whether it was sent as one or as a list of one; a KeywordList stays a list', async () => {
  const { searchAttributes } = await read({
    Owner: typed('ada', 'Keyword'),
    Buyer: typed(['ada'], 'Keyword'),
    Count: typed([3], 'Int'),
    Tags: typed(['a'], 'KeywordList'),
  });
  expect(searchAttributes).toEqual({ Owner: 'ada', Buyer: 'ada', Count: 3, Tags: ['a'] });
});

test('what cannot be decoded is left out, and does not take the rest with it', async () => {
  const run = await read({ Owner: typed('ada', 'Keyword'), Bad: broken }, { user: typed('ada', ''), bad: broken });
  expect(run).toMatchObject({ temporalWorkflowId: '', startedAt: '', closedAt: null });
  expect([run.searchAttributes, run.memo]).toEqual([{ Owner: 'ada' }, { user: 'ada' }]);
});

test('a name that no database text holds is another name, so that it holds up nobody', async () => {
  const run = await readVisibleRun(loadDataConverter(), {
    execution: { workflowId: 'order\0', runId: 'run-1' },
    type: { name: '\0' },
    taskQueue: 'q\ud83d',
  });
  expect(run).toMatchObject({
    temporalWorkflowId: 'order\uFFFD',
    runId: 'run-1',
    workflowType: '\uFFFD',
    taskQueue: 'q\uFFFD',
  });
});

test('a number in a memo keeps every digit: it may name a user', async () => {
  const long: Payload = { ...typed(0, ''), data: Buffer.from('9007199254740993') };
  expect(exactSource((await read({}, { user: long })).memo.user)).toBe('9007199254740993');
});
