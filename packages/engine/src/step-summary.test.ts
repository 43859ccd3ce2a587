import { expect, test } from 'vitest';
import { summaryOf } from './step-summary.ts';

const payload = (encoding: string, text: string) => ({
  metadata: { encoding: Buffer.from(encoding) },
  data: Buffer.from(text),
});
const told = (summary: ReturnType<typeof payload>) => summaryOf({ userMetadata: { summary } });

test('is the sentence that is there to be read, and nothing else', () => {
  expect(told(payload('json/plain', '"Charge the card"'))).toBe('Charge the card');
  expect(summaryOf({})).toBeNull();
  expect(told(payload('json/plain', '""'))).toBeNull();
  expect(told(payload('json/plain', '{"a":1}'))).toBeNull();
  expect(told(payload('json/plain', '"half'))).toBeNull();
  expect(told(payload('binary/encrypted', '"Charge the card"'))).toBeNull();
  expect(told(payload('json/plain', JSON.stringify('x'.repeat(5_000))))).toBeNull();
});
