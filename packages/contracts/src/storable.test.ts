import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactly, exactSource } from './exact-number.ts';
import { STORABLE_DEPTH } from './facts/limits.ts';
import { storableJson, storableText, storableValue } from './storable.ts';

const LIMIT = 1_000_000;
const kept = (text: string) => {
  const storable = storableJson(text, LIMIT);
  if (storable.kind !== 'kept') throw new Error(`left out: ${storable.why}`);
  return storable;
};

describe('what Postgres can keep of a JSON text', () => {
  test.each([
    ['9007199254740993', ['numbers_beyond_double']],
    ['-9223372036854775808', ['numbers_beyond_double']],
    ['9223372036854775807', ['numbers_beyond_double']],
    ['123456789012345678901234567890.12', ['numbers_beyond_double']],
    ['0.1234567890123456789', ['numbers_beyond_double']],
    ['1e400', ['numbers_beyond_double']],
    ['1e-400', ['numbers_beyond_double']],
    ['9007199254740992', []],
    ['0.30000000000000004', []],
    ['1.7976931348623157e308', []],
    ['5e-324', []],
    ['6.02e23', []],
    ['100000000000000000000', []],
    ['1.10', []],
    ['-0', []],
    ['0.00000000000000000000', []],
  ])('the number %s stays exact, with the notes %j', (number, notes) => {
    const { value, notes: said } = kept(`{"n":[${number}]}`);
    expect(said).toEqual(notes);
    const [n] = (value as { n: unknown[] }).n;
    if (notes.length > 0) expect(exactSource(n)).toBe(number);
    else expect(n).toBe(Number(number));
  });

  test.each([['NaN'], ['Infinity'], ['-Infinity'], ['1e131073'], ['1e-16384'], ['1e99999999999999999999']])(
    '%s, which Postgres cannot hold as a number, is kept as text',
    (number) => {
      expect(kept(`[${number},"NaN"]`)).toEqual({
        kind: 'kept',
        value: [number, 'NaN'],
        notes: ['numbers_as_text'],
      });
    },
  );

  test.each([
    ['{"a":'],
    ['[1-2]'],
    ['[01]'],
    ['[NaN1]'],
    ['{"a":"x'],
    [''],
    ['[1e]'],
    ['"\\x"'],
    ['"\u0000"'],
    ['[12345678901234567890.]'],
  ])('%j is not JSON', (text) => {
    expect(storableJson(text, LIMIT)).toEqual({ kind: 'left_out', why: 'not_json' });
  });

  test('a byte-order mark is passed over', () => {
    expect(kept('\uFEFF{"a":1}')).toEqual({ kind: 'kept', value: { a: 1 }, notes: [] });
  });

  test.each([
    ['"\\u0000"', '\uFFFD'],
    ['"\\ud83d"', '\uFFFD'],
    ['"\ud83d"', '\uFFFD'],
    ['"\\ude00\\ud83d"', '\uFFFD\uFFFD'],
    ['{"\\u0000":"\\\\u0000"}', { '\uFFFD': '\\u0000' }],
  ])('%j loses what no text holds, and says so', (text, value) => {
    expect(kept(text)).toEqual({ kind: 'kept', value, notes: ['characters_replaced'] });
  });

  test.each([
    ['"\\ud83d\\ude00"', '😀'],
    ['"\\\\u0000"', '\\u0000'],
    ['"\\\\\\" \\\\"', '\\" \\'],
  ])('%j is kept as it is', (text, value) => {
    expect(kept(text)).toEqual({ kind: 'kept', value, notes: [] });
  });

  test.each([[STORABLE_DEPTH + 1], [3_000], [200_000]])('%d levels are too deep', (levels) => {
    for (const text of [
      `${'['.repeat(levels)}${']'.repeat(levels)}`,
      `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`,
    ])
      expect(storableJson(text, 10_000_000)).toEqual({ kind: 'left_out', why: 'too_deep' });
  });

  test('its size is counted in bytes, as Postgres prints it', () => {
    expect(storableJson(JSON.stringify('é'.repeat(500_000)), LIMIT)).toEqual({ kind: 'left_out', why: 'too_large' });
    // 5 characters that are 401 digits each.
    const huge = (count: number) => storableJson(`[${Array.from({ length: count }, () => '1e400').join(',')}]`, LIMIT);
    expect(huge(2_000)).toMatchObject({ kind: 'kept' });
    expect(huge(3_000)).toEqual({ kind: 'left_out', why: 'too_large' });
  });

  test('any JSON value that holds nothing unusual comes back equal', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        const storable = storableJson(text, LIMIT);
        if (/\\u(0000|d[89a-f])/i.test(text)) return storable.kind === 'kept';
        expect(storable).toEqual({ kind: 'kept', value: JSON.parse(text), notes: [] });
        return true;
      }),
    );
  });
});

describe('what Postgres can keep of a JavaScript value', () => {
  test('a BigInt is an exact number, and what JSON has no number for is text', () => {
    const storable = storableValue({ id: 2n ** 64n, small: 7n, bad: [Number.NaN, Number.NEGATIVE_INFINITY] }, LIMIT);
    expect(storable).toMatchObject({ kind: 'kept', notes: ['numbers_as_text', 'numbers_beyond_double'] });
    const { id, ...rest } = (storable as unknown as { value: { id: unknown } }).value;
    expect(exactSource(id)).toBe('18446744073709551616');
    expect(rest).toEqual({ small: 7, bad: ['NaN', '-Infinity'] });
  });

  test('what is not data is left out', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(storableValue(circle, LIMIT)).toEqual({ kind: 'left_out', why: 'not_json' });
    expect(storableValue(() => 1, LIMIT)).toEqual({ kind: 'left_out', why: 'not_json' });
    expect(storableValue(undefined, LIMIT)).toEqual({ kind: 'left_out', why: 'not_json' });
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(storableValue(deep, LIMIT)).toEqual({ kind: 'left_out', why: 'too_deep' });
  });
});

describe('what goes into a jsonb parameter', () => {
  test('is the value itself where doubles hold it, else its JSON text with every digit', () => {
    const plain = { a: [1, 'x', null], b: undefined };
    expect(exactly(plain)).toBe(plain);
    const { value } = kept('{"id":9007199254740993,"at":[0.1,true]}');
    expect(exactly([{ output: value, note: undefined, none: null }])).toBe(
      '[{"output":{"id":9007199254740993,"at":[0.1,true]},"none":null}]',
    );
  });

  test('is the JSON text of what is large, which is quicker to write once more than its value', () => {
    const large = { input: 'x"'.repeat(60_000), left: undefined };
    expect(exactly(large)).toBe(JSON.stringify(large));
  });

  test('JSON.stringify writes exact numbers too, so that a workflow gets them', () => {
    expect(JSON.stringify(kept('[9007199254740993]').value)).toBe('[9007199254740993]');
  });
});

describe('a text as Postgres stores it', () => {
  test('is cut between characters', () => {
    expect(storableText('ab😀cd', 4)).toBe('ab…');
    expect(storableText('a\0b\ud83d')).toBe('a\uFFFDb\uFFFD');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), fc.integer({ min: 1, max: 10 }), (text, limit) => {
        const stored = storableText(text, limit);
        expect(stored.length).toBeLessThanOrEqual(limit);
        expect(stored.isWellFormed() && !stored.includes('\0')).toBe(true);
      }),
    );
  });
});
