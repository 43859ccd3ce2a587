import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from './json.ts';
import { hasMarks, redactJson, restoreRedacted } from './redact-json.ts';
import { pointersInto, RedactionPointer } from './redaction-rules.ts';

const redact = (value: Json, ...pointers: string[]) => redactJson(value, pointersInto(pointers, 'input'));
const HIDDEN = '[redacted]';

describe('what a pointer leads to is redacted', () => {
  test.each<[what: string, pointer: string, value: Json, redacted: Json]>([
    ['a field', '/input/card/number', { card: { number: '4', kind: 'x' } }, { card: { number: HIDDEN, kind: 'x' } }],
    ['the whole', '/input', { card: 1 }, HIDDEN],
    ['every field', '/input/*/ssn', { anna: { ssn: 1, age: 2 }, ben: {} }, { anna: { ssn: HIDDEN, age: 2 }, ben: {} }],
    ['an item', '/input/list/1', { list: [1, 2] }, { list: [1, HIDDEN] }],
    [
      'a field of every item',
      '/input/list/ssn',
      { list: [{ ssn: 1 }, { age: 2 }] },
      { list: [{ ssn: HIDDEN }, { age: 2 }] },
    ],
    ['text where a field was expected', '/input/card/number', { card: '{"number":"4"}' }, { card: HIDDEN }],
    ['an argument of several', '/input/card', [{ card: 1 }, 'x'], [{ card: HIDDEN }, HIDDEN]],
    ['every field of an argument of several', '/input/*/ssn', [{ anna: { ssn: 1 } }], [{ anna: { ssn: HIDDEN } }]],
    ['a name with a slash and a tilde', '/input/a~1b~0c', { 'a/b~c': 1, a: 2 }, { 'a/b~c': HIDDEN, a: 2 }],
    ['a number', '/input/pin', { pin: 1234 }, { pin: HIDDEN }],
  ])('%s', (_, pointer, value, redacted) => {
    expect(redact(value, pointer)).toEqual(redacted);
  });

  test('nothing that is not there is made up', () => {
    expect(redact({ a: null, b: 1 }, '/input/a', '/input/c/d', '/output/b')).toEqual({ a: null, b: 1 });
    expect(redact(null, '/input')).toBeNull();
  });

  test('an own field of any name', () => {
    const value = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as Json;
    expect(JSON.stringify(redact(value, '/input/__proto__/a', '/input/constructor'))).toBe(
      '{"__proto__":{"a":"[redacted]"},"constructor":"[redacted]"}',
    );
  });
});

describe('an edited value', () => {
  const paths = pointersInto(['/input/card', '/input/list/ssn'], 'input');
  const clear = { card: { number: '4' }, list: [{ ssn: 1 }, { ssn: 2 }], note: 'x' };
  const edit = (edited: Json) => restoreRedacted(edited, clear, paths);

  test('gets back what was redacted, wherever the mark was left', () => {
    const list = [{ ssn: HIDDEN }, { ssn: 3 }];
    expect(edit({ card: HIDDEN, list, note: HIDDEN })).toEqual({
      ...{ card: { number: '4' }, list: [{ ssn: 1 }, { ssn: 3 }], note: HIDDEN },
    });
  });

  test('keeps marks of items that may have moved, and those are found', () => {
    const moved = edit({ card: { number: '5' }, list: [{ ssn: HIDDEN }] });
    expect(moved).toEqual({ card: { number: '5' }, list: [{ ssn: HIDDEN }] });
    expect(hasMarks(moved, paths)).toBe(true);
    expect(hasMarks({ card: [{ deep: HIDDEN }] }, paths)).toBe(true);
    expect(hasMarks({ note: HIDDEN, list: [] }, paths)).toBe(false);
    expect(hasMarks({ card: { number: '5', more: [{}] }, list: [{ ssn: 3 }] }, paths)).toBe(false);
  });

  test('of another shape is taken as it is', () => {
    for (const edited of [
      { card: HIDDEN, list: { 0: { ssn: HIDDEN } } },
      { card: HIDDEN, list: HIDDEN },
    ])
      expect(edit(edited)).toEqual({ ...edited, card: { number: '4' } });
    for (const edited of [[{ card: HIDDEN }], 'x', null]) expect(edit(edited)).toEqual(edited);
    const listed = [{ card: 1 }];
    expect(restoreRedacted({ 0: { card: HIDDEN } }, listed, paths)).toEqual({ 0: { card: HIDDEN } });
    expect(restoreRedacted([{ card: HIDDEN }], listed, paths)).toEqual(listed);
  });

  test('that nobody edited is what it was, whatever is redacted', () => {
    const key = fc.constantFrom('a', 'b', '0', '*');
    const json = fc.letrec<{ json: Json }>((tie) => ({
      json: fc.oneof(
        fc.integer(),
        fc.string(),
        fc.constant(null),
        fc.array(tie('json')),
        fc.dictionary(key, tie('json')),
      ),
    })).json;
    const pointer = fc.array(key, { maxLength: 4 });
    fc.assert(
      fc.property(json, fc.array(pointer), (value, pointers) => {
        expect(restoreRedacted(redactJson(value, pointers), value, pointers)).toEqual(value);
      }),
    );
  });
});

test.each([
  '',
  'input',
  '/',
  '/secrets',
  '/inputs',
  '/input/~',
  '/input/~2',
  `/input${'/a'.repeat(20)}`,
  `/input/${'a'.repeat(300)}`,
])('the pointer %j is refused', (pointer) => {
  expect(RedactionPointer.safeParse(pointer).success).toBe(false);
});

/** The same, spelled out for each place anew. */
function spelledOut(value: Json, paths: readonly (readonly string[])[]): Json {
  const at = (node: Json, left: readonly (readonly string[])[]): Json => {
    if (left.length === 0 || node === null) return node;
    if (left.some(({ length }) => length === 0) || typeof node !== 'object') return '[redacted]';
    const below = (name: string, staysFor: (first: string) => boolean) =>
      left.flatMap((path) => {
        const [first = '', ...rest] = path;
        if (first === '*' || first === name) return [rest];
        return staysFor(first) ? [path] : [];
      });
    if (Array.isArray(node))
      return node.map((item, index) =>
        at(
          item,
          below(String(index), (first) => !/^\d+$/.test(first)),
        ),
      );
    return Object.fromEntries(
      Object.entries(node).map(([key, child]) => [
        key,
        at(
          child,
          below(key, () => false),
        ),
      ]),
    );
  };
  return at(value, paths);
}

test('any pointers lead where each of them leads on its own way', () => {
  const name = fc.constantFrom('a', 'b', '*', '0', '1', 'null', '__proto__');
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Json>(null, 1, 'x'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 3 }) as fc.Arbitrary<Json>,
    ),
  }));
  const paths = fc.array(fc.array(name, { maxLength: 4 }), { maxLength: 6 });
  fc.assert(
    fc.property(fc.dictionary(name, value), paths, (of, pointers) => {
      expect(redactJson(of as Json, pointers)).toEqual(spelledOut(of as Json, pointers));
    }),
  );
});
