import { expect, test } from 'vitest';
import { sampleRow } from '../fixtures/sample-rows.ts';
import { newsOf } from './use-announcement.ts';

test('only what rows do not show yet is news', () => {
  const shown = sampleRow({ status: 'running', revision: 3 });
  const next = sampleRow({ status: 'failed', revision: 4 });
  const other = sampleRow({ status: 'failed', id: '01a2255b-c722-7728-aee6-24f79cc272a6' });
  const changes = [{ execution: shown }, { execution: next }, { execution: other }, { deletedId: shown.id }];
  expect(newsOf([shown], changes)).toEqual([next]);
});
