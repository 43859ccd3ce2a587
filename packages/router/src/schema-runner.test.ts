import type { Json } from '@runledger/contracts';
import { ExecutionError, SCHEMA_BOUNDS } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { createSchemaRunner } from './schema-runner.ts';

const DRAFT_7 = { $schema: 'http://json-schema.org/draft-07/schema#' };
const schemas = createSchemaRunner({ maxBytes: 32_768 });
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

/** What validating or checking throws, as code and fields. */
function refusalOf(work: () => void): Pick<ExecutionError, 'code' | 'fields' | 'message'> {
  try {
    work();
  } catch (error) {
    if (error instanceof ExecutionError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}
const rejected = (schema: Record<string, Json>, input: Json | null) =>
  refusalOf(() => schemas.validate(schema, input)).fields;
const unusable = (schema: Record<string, Json>) => refusalOf(() => schemas.check(schema)).fields;

describe('an input is told which field is wrong, and why', () => {
  const order = {
    type: 'object',
    properties: {
      amount: { type: 'number', minimum: 1 },
      currency: { enum: ['EUR', 'USD'] },
      email: { type: 'string', format: 'email' },
      lines: { type: 'array', uniqueItems: true, items: { type: 'object', required: ['sku'] } },
    },
    required: ['amount'],
    additionalProperties: false,
  };

  test('an input that satisfies the schema passes', () => {
    schemas.validate(order, { amount: 3, currency: 'EUR', email: 'anna@example.com', lines: [{ sku: 'a' }] });
  });

  test('all fields at once, each by its path', () => {
    expect(rejected(order, { currency: 'GBP', email: 'no', 'a/b~c': 1, lines: [{ sku: 1 }, {}, { sku: 1 }] })).toEqual({
      'input.amount': ['is required'],
      'input.currency': ['must be one of "EUR", "USD"'],
      'input.email': ['must match format "email"'],
      'input.a/b~c': ['is not expected'],
      'input.lines': ['must not have equal items'],
      'input.lines.1.sku': ['is required'],
    });
  });

  test('at most the first twenty', () => {
    const wide = { type: 'object', properties: Object.fromEntries(many(50, (i) => [`p${i}`, { type: 'string' }])) };
    expect(Object.keys(rejected(wide, Object.fromEntries(many(50, (i) => [`p${i}`, i]))) ?? {})).toHaveLength(20);
  });

  test('the message alone says what is wrong first', () => {
    const { code, message } = refusalOf(() => schemas.validate({ type: 'object' }, null));
    expect([code, message]).toEqual([
      'input_rejected',
      "The input does not satisfy the workflow's schema: input must be object.",
    ]);
  });

  test('items are equal whatever the order of their keys', () => {
    expect(
      rejected({ uniqueItems: true }, [
        { a: 1, b: [2] },
        { b: [2], a: 1 },
      ]),
    ).not.toBeNull();
    schemas.validate({ uniqueItems: true }, [1, '1', [1], { 0: 1 }, null, 'null']);
  });

  test('a property of every object is not a property of the input', () => {
    expect(rejected({ required: ['toString'] }, {})).toEqual({ 'input.toString': ['is required'] });
    const input = JSON.parse('{"__proto__": 1, "constructor": 2}');
    expect(Object.keys(rejected({ properties: {}, additionalProperties: false }, input) ?? {})).toEqual([
      'input.__proto__',
      'input.constructor',
    ]);
  });

  test('draft 7 is understood where the schema says so', () => {
    const schema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      items: [{ type: 'string' }],
      additionalItems: false,
    };
    schemas.validate(schema, ['a']);
    expect(rejected(schema, ['a', 1])).not.toBeNull();
  });

  test('references inside the schema work, by the names that JSON pointers escape, and to itself', () => {
    const schema = {
      $defs: { 'a/b ~c': { type: 'string' } },
      properties: { x: { $ref: '#/$defs/a~1b%20~0c' }, next: { $ref: '#' } },
    };
    schemas.check(schema);
    expect(rejected(schema, { next: { next: { x: 1 } } })).toEqual({ 'input.next.next.x': ['must be string'] });
  });

  test('an unknown format is a note, as the standard has it', () => {
    schemas.validate({ type: 'string', format: 'iban' }, 'anything');
  });
});

describe('a schema that cannot be bounded is refused, with where and why', () => {
  test.each<[string, Record<string, Json>, string]>([
    ['no schema at all', { properties: { a: { type: 'strin' } } }, 'inputSchema.properties.a.type'],
    ['a keyword that nobody knows', { properties: { a: { requried: [] } } }, 'inputSchema.properties.a.requried'],
    ['$async', { $async: true }, 'inputSchema.$async'],
    ['a remote reference', { items: { $ref: 'https://example.com/schema' } }, 'inputSchema.items.$ref'],
    ['a reference to what is no schema', { enum: [{ type: 'string' }], $ref: '#/enum/0' }, 'inputSchema.$ref'],
    ['a reference to nothing', { $ref: '#/$defs/none' }, 'inputSchema.$ref'],
    ['a dynamic reference', { $dynamicRef: '#node' }, 'inputSchema.$dynamicRef'],
    ['a name deeper down', { properties: { a: { $id: 'https://example.com/a' } } }, 'inputSchema.properties.a.$id'],
    ['a draft that nobody knows', { $schema: 'https://json-schema.org/draft/2049/schema' }, 'inputSchema.$schema'],
    ['a lookahead', { pattern: '^(?=a)' }, 'inputSchema.pattern'],
    ['a back-reference', { patternProperties: { '(a)\\1': true } }, 'inputSchema.patternProperties.(a)\\1'],
    ['a circle', { $defs: { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { $ref: '#/$defs/a' } } }, 'inputSchema.$defs.a'],
    ['more than 32 KB', { description: 'x'.repeat(33_000) }, 'inputSchema'],
    ['deep nesting', many(70, (i) => i).reduce<Record<string, Json>>((not) => ({ not }), {}), 'inputSchema'],
    [
      'patterns that are large together',
      { anyOf: many(200, () => ({ pattern: '(a{99}){9}' })) },
      'inputSchema.anyOf.11.pattern',
    ],
  ])('%s', (_, schema, path) => {
    expect(Object.keys(unusable(schema) ?? {})).toContain(path);
    expect(refusalOf(() => schemas.check(schema)).code).toBe('schema_rejected');
  });

  test('what tools write beside the standard is taken', () => {
    schemas.check({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://example.com/order',
      'x-order': 1,
      type: 'object',
      properties: { __proto__x: { type: 'string', examples: ['a'], default: 'a' } },
      additionalProperties: false,
    });
  });

  test('a schema that came past the API is refused when it is used', () => {
    expect(refusalOf(() => schemas.validate({ $ref: 'https://example.com' }, 1)).code).toBe('schema_rejected');
  });
});

/** A schema for each bound, that holds so much of what it bounds. */
const holding: Record<keyof typeof SCHEMA_BOUNDS, (amount: number) => Record<string, Json>> = {
  parts: (amount) => ({ properties: Object.fromEntries(many(amount - 1, (i) => [`p${i}`, i % 2 === 0])) }),
  branches: (amount) => ({ oneOf: many(amount, (i) => ({ const: i })) }),
  members: (amount) => ({ enum: many(amount, (i) => i) }),
  required: (amount) => ({ required: many(amount, (i) => `p${i}`) }),
  dependents: (amount) => ({ dependentRequired: { a: many(amount, (i) => `p${i}`) } }),
  patternCharacters: (amount) => ({ pattern: `^${'a'.repeat(amount - 1)}` }),
  patternSize: (amount) => ({ pattern: `a{1000}`.repeat(Math.ceil(amount / 1_000)) }),
  levels: (amount) => many(amount, (i) => i).reduce<Record<string, Json>>((not) => ({ not }), {}),
};

describe('a schema is bounded before anything is compiled', () => {
  test.each(Object.entries(SCHEMA_BOUNDS))('%s: %i are taken, and one more is not', (name, most) => {
    const holdingOf = holding[name as keyof typeof holding];
    if (name !== 'patternSize') schemas.check(holdingOf(most));
    const { code, message } = refusalOf(() => schemas.check(holdingOf(most + 1)));
    expect([code, message]).toEqual(['schema_rejected', expect.stringContaining(String(most))]);
  });

  // Compiling these, or applying the meta-schema to them, takes up to seconds.
  test.each<[string, Record<string, Json>]>([
    ['fifteen hundred alternatives', { oneOf: many(1_500, (i) => ({ const: i })) }],
    ['nested alternatives', { oneOf: many(40, () => ({ oneOf: many(40, (i) => ({ const: i })) })) }],
    ['hundreds of parts that evaluate properties', { allOf: many(300, (i) => ({ properties: { [`p${i}`]: true } })) }],
    ['names that depend in several places', { allOf: many(9, () => ({ dependencies: { a: many(50, String) } })) }],
    ['repeats of groups', { pattern: '(ab|cd){1000}'.repeat(100) }],
    ['repeats inside repeats', { patternProperties: { '((a{30}){30}b){20}': true } }],
    ['members that the meta-schema compares', { ...DRAFT_7, enum: many(5_000, (i) => [i]) }],
  ])('%s are refused without compiling', (_, schema) => {
    const { code, message } = refusalOf(() => schemas.check(schema));
    expect([code, message]).toEqual(['schema_rejected', expect.stringMatching(/ is too much: | are taken\.$/)]);
  });

  test('what was refused is refused again without a look', () => {
    const own = createSchemaRunner({ maxBytes: 32_768 });
    const schema = { oneOf: many(251, (i) => ({ const: i })) };
    const first = refusalOf(() => own.check(schema));
    expect(refusalOf(() => own.check(structuredClone(schema)))).toBe(first);
  });
});

// Each of these would run for minutes to ages, or fill the memory, without its bound.
describe('whatever schema and input, there is an answer', () => {
  test('a pattern that backtracking engines take exponential time for', () => {
    expect(rejected({ pattern: '^(a+)+$' }, `${'a'.repeat(500_000)}!`)).toEqual({
      input: ['must match pattern "^(a+)+$"'],
    });
    schemas.validate({ pattern: '^(a+)+$' }, 'a'.repeat(500_000));
  });

  test('a pattern that is slow even in linear time, on a long text', () => {
    expect(rejected({ pattern: '[01]*1[01]{500}$' }, '01'.repeat(250_000))).toEqual({
      input: [expect.stringContaining('too long for the pattern')],
    });
  });

  const doubling = (keyword: string) => ({
    $ref: '#/$defs/s0',
    $defs: Object.fromEntries([
      ...many(60, (i) => [`s${i}`, { [keyword]: [{ $ref: `#/$defs/s${i + 1}` }, { $ref: `#/$defs/s${i + 1}` }] }]),
      ['s60', { type: 'string' }],
    ]),
  });
  test.each([
    ['every branch is tried and fails', 'anyOf', 1],
    ['every branch has to hold', 'allOf', 'text'],
  ])('schemas that refer to the next one twice, sixty times over, where %s', (_, keyword, input) => {
    expect(rejected(doubling(keyword), input)).toEqual({ input: [expect.stringContaining('simplify the schema')] });
  });

  test('two hundred alternatives for four hundred thousand items', () => {
    const schema = { items: { anyOf: many(200, (i) => ({ const: i })) } };
    expect(
      rejected(
        schema,
        many(400_000, () => 199),
      ),
    ).toEqual({ input: [expect.stringContaining('longer than')] });
  });

  test('a schema that refers to a large part of itself hundreds of times', () => {
    const large = { properties: Object.fromEntries(many(300, (i) => [`p${i}`, { type: 'string' }])) };
    schemas.validate({ $defs: { large }, anyOf: many(190, () => ({ $ref: '#/$defs/large' })) }, { p1: 'x' });
  });

  /** `length` schemas, each of which applies the next one; the last leads to the first, one level deeper. */
  const chain = (length: number): Record<string, Json> => ({
    $ref: '#/$defs/s0',
    $defs: {
      ...Object.fromEntries(many(length, (i) => [`s${i}`, { $ref: `#/$defs/s${i + 1}` }])),
      [`s${length}`]: { type: 'object', properties: { next: { $ref: '#/$defs/s0' } } },
    },
  });

  test('a chain of schemas on an input nested a hundred levels deep', () => {
    const input = many(100, (i) => i).reduce<Json>((next) => ({ next }), {});
    expect(rejected(chain(200), input)).toEqual({ input: [expect.stringContaining('too deep')] });
  });

  test('every item of a large list is wrong', () => {
    expect(
      rejected(
        { items: { type: 'string' } },
        many(400_000, () => 0),
      ),
    ).toEqual({ 'input.0': ['must be string'] });
  });

  test('a large list of distinct objects', () => {
    schemas.validate(
      { uniqueItems: true },
      many(50_000, (i) => ({ i })),
    );
  });

  test('a usual megabyte passes', () => {
    const line = {
      type: 'object',
      properties: { sku: { type: 'string', pattern: '^[a-z]+-[0-9]{1,6}$' }, n: { type: 'integer' } },
    };
    schemas.validate(
      { type: 'array', items: line },
      many(30_000, (i) => ({ sku: `item-${i}`, n: i })),
    );
  });
});
