import { expect, test } from 'vitest';
import { noted, table } from './table.ts';
import { cut, plain, plainLines, wrap } from './text.ts';

test('columns stand below each other, numbers at their right, also where a character takes two columns', () => {
  const rows = [
    ['user', 'runs', 'name'],
    ['東京', '7', 'x'],
    ['anna', '1,204', 'y'],
  ];
  expect(table(rows, { width: 80, numbers: [1] })).toEqual([
    '  user   runs  name',
    '  東京      7  x',
    '  anna  1,204  y',
  ]);
});

test('the last cell is cut to the width, and what somebody else wrote has no escapes', () => {
  expect(table([['a', '\u001b[31mred\u001b[39m and\nlong, longer than there is room']], { width: 20 })).toEqual([
    '  a  red and long, …',
  ]);
  expect(cut('東京東京', 5)).toBe('東京…');
  expect(plain('a\u0007\tb\r\n c ')).toBe('a b c');
  // It would show what follows it from the right: `live` for `evil`.
  expect(plain('card \u202edeclined \u2067x')).toBe('card declined x');
  expect(plainLines('one\r\n\n  two\u0000\u001b[2K\n')).toEqual(['one', '  two']);
});

test('cells are painted after they are padded', () => {
  const paint = (text: string, row: number) => (row === 0 ? `<${text}>` : text);
  expect(
    table(
      [
        ['a', 'b'],
        ['long', 'c'],
      ],
      { width: 80, paint },
    ),
  ).toEqual(['  <a   >  <b>', '  long  c']);
});

test('lines are broken between words, and a word that is longer than the line stays whole', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('an https://example.com/long address', 10)).toEqual(['an', 'https://example.com/long', 'address']);
  expect(wrap('', 10)).toEqual(['']);
  expect(wrap('東京 東京', 5)).toEqual(['東京', '東京']);
});

test('a note stands behind its line where it fits, else below it', () => {
  expect(noted(['one', 'two'], ['short', ''], 20)).toEqual(['one  short', 'two']);
  expect(noted(['one'], ['much longer than that'], 20)).toEqual(['one', '      much longer', '      than that']);
});
