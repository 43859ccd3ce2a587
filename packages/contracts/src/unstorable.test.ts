import { describe, expect, test } from 'vitest';
import { findRoundedNumber, findUnstorable } from './unstorable.ts';

describe('what cannot be stored as it is', () => {
  test.each([
    [{ a: [{ b: 'x\0' }] }, 'a.0.b'],
    [{ a: { 'k\0': 1 } }, 'a.k\\0'],
    [{ a: '\ud83d' }, 'a'],
    [{ a: [1, Number.NaN] }, 'a.1'],
    [{ a: 1n }, 'a'],
    ['\0', ''],
  ])('no. %# is found by its path', (value, path) => {
    expect(findUnstorable(value, { levels: 10 })).toMatchObject({ path });
  });

  test('nesting is counted without recursion, also where a value holds itself', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(findUnstorable(circle, { levels: 10 })?.problem).toBe('is nested deeper than 10 levels');
    expect(findUnstorable([[[]]], { levels: 3 })).toBeNull();
    expect(findUnstorable([[[]]], { levels: 2 })).toMatchObject({ path: '0.0' });
  });

  test('what writes itself is not looked into', () => {
    expect(findUnstorable({ at: new Date(0) }, { levels: 1 })).toBeNull();
  });
});

describe('a number that JavaScript would round', () => {
  test.each([
    ['{"workflowId":"x","input":{"accountId":3544790567247868102,"a":1}}', 'input.accountId'],
    ['{"0":{"input":[1,[],{"a":"b"},{"n":[0.12345678901234567890]}]}}', '0.input.3.n.0'],
    ['{"a":{"b":{}},"c":[[],[]],"d":1e400}', 'd'],
    ['{"d\\u0041":9007199254740993}', 'dA'],
    ['12345678901234567890', ''],
  ])('%s is found at %s', (text, path) => {
    expect(findRoundedNumber(text)).toBe(path);
  });

  test.each([
    ['{"a":9007199254740992,"b":0.30000000000000004,"c":6.02e23,"d":1.100000000000000000}'],
    ['{"12345678901234567890":"12345678901234567890"}'],
    ['{"a":"1e400\\"","b":"\\\\"}'],
    ['[1,2,3]'],
  ])('%s holds none', (text) => {
    expect(findRoundedNumber(text)).toBeNull();
  });
});
