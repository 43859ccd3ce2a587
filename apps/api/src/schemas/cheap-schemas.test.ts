import type { Json } from '@runledger/contracts';
import { createSchemaRunner } from '@runledger/router/schema-runner';
import { expect, test } from 'vitest';
import { createCheapSchemas } from './cheap-schemas.ts';

const MAX_BYTES = 32_768;
const ORDER: Record<string, Json> = {
  type: 'object',
  properties: { item: { type: 'string' }, quantity: { type: 'integer', minimum: 1 } },
  required: ['item'],
};
const INPUT = { item: 'rye loaf', quantity: 2 };

/** Has heard of a schema so often, that a thread worked so long each time. */
function told({ schema = ORDER, times = 10, workedMs = 1 } = {}) {
  const cheap = createCheapSchemas({ maxBytes: MAX_BYTES });
  for (let time = 0; time < times; time += 1) cheap.told('key', JSON.stringify(schema), workedMs);
  return (value: Json) => cheap.satisfies('key', schema, { value, text: JSON.stringify(value) });
}

test('an input is checked at once by a schema that a thread was quick with ten times', () => {
  expect(told()(INPUT)).toBe(true);
  expect(told({ times: 9 })(INPUT)).toBe(false);
});

test.each<[string, Parameters<typeof told>[0], Json]>([
  ['the input does not satisfy it', {}, { quantity: 2 }],
  ['the input is large', {}, { ...INPUT, note: 'x'.repeat(4_000) }],
  ['the schema is large', { schema: { ...ORDER, description: 'x'.repeat(2_000) } }, INPUT],
  ['a thread worked long', { workedMs: 6 }, INPUT],
  ['it is none that runs', { schema: { type: 'no such type' } }, INPUT],
])('a thread is asked where %s', (_, about, input) => {
  expect(told(about)(input)).toBe(false);
});

test('once a thread was slow it is asked ever after', () => {
  const cheap = createCheapSchemas({ maxBytes: MAX_BYTES });
  const text = JSON.stringify(ORDER);
  cheap.told('key', text, 20);
  for (let time = 0; time < 20; time += 1) cheap.told('key', text, 0);
  expect(cheap.satisfies('key', ORDER, { value: INPUT, text: JSON.stringify(INPUT) })).toBe(false);
});

test('a small schema that makes a small input cost much is left to a thread', () => {
  const again = { $ref: '#/$defs/number' };
  const schema = {
    $defs: { number: { type: 'integer' } },
    type: 'array',
    items: { allOf: Array.from({ length: 60 }, () => again) },
  };
  const input = Array.from({ length: 1_500 }, () => 1);
  expect(JSON.stringify(input).length).toBeLessThan(4_000);
  expect(() => createSchemaRunner({ maxBytes: MAX_BYTES }).validate(schema, input)).not.toThrow();
  expect(told({ schema })(input)).toBe(false);
});
