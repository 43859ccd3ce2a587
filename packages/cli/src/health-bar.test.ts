import { stripVTControlCharacters } from 'node:util';
import { colorsFor } from '@runledger/host/colors';
import { expect, test } from 'vitest';
import { barColumns, healthBar } from './health-bar.ts';

test.each([
  [[400, 7, 3, 2, 0], 40, [37, 1, 1, 1, 0]],
  [[1, 1], 9, [5, 4]],
  [[0, 0, 5], 10, [0, 0, 10]],
])('%j on %i columns are %j', (counts, columns, expected) => {
  expect(barColumns(counts, columns)).toEqual(expected);
  expect(expected.reduce((sum, width) => sum + width, 0)).toBe(columns);
});

test('one that is lost among ten thousand is seen', () => {
  expect(barColumns([9_999, 1], 20)).toEqual([19, 1]);
});

test('without colours there is no bar: it would say nothing', () => {
  const facts = { health: { live: 3, late: 0, wedged: 0, cancelling: 0, lost: 0 }, unchecked: 1 };
  expect(healthBar(facts, colorsFor({ isTTY: false }), 20)).toBe('');
  const coloured = healthBar(facts, { ...colorsFor({ isTTY: true }), isColorSupported: true }, 20);
  expect(stripVTControlCharacters(coloured)).toBe('▇'.repeat(20));
});
