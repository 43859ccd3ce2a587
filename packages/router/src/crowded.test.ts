import { REQUEST_KEYS, REQUEST_VALUES } from '@runledger/contracts';
import { expect, test } from 'vitest';
import { refuseCrowded } from './crowded.ts';

const list = (count: number, item = '0') => `[${Array.from({ length: count }, () => item).join()}]`;
const keys = (count: number, blanks = '') =>
  `{${Array.from({ length: count }, (_, n) => `"k${n}"${blanks}:${n}`).join()}}`;

const TOO_MANY = expect.objectContaining({ code: 'payload_too_large', message: expect.stringContaining('250,000') });
const TOO_DIFFERENT = expect.objectContaining({
  code: 'payload_too_large',
  message: expect.stringContaining('30,000'),
});

test.each([
  // The list is one itself.
  ['numbers', (count: number) => list(count - 1)],
  ['lists', (count: number) => list(count - 1, '[]')],
  ['objects', (count: number) => list(count - 1, '{}')],
  ['texts', (count: number) => list(count - 1, '"x"')],
  ['keys and values', (count: number) => list(Math.floor((count - 1) / 3), '{"a":1}')],
  ['levels', (count: number) => '['.repeat(count)],
])('as many %s as there may be are taken, and more are not', (_, text) => {
  expect(() => refuseCrowded(text(REQUEST_VALUES))).not.toThrow();
  expect(() => refuseCrowded(text(REQUEST_VALUES + 3))).toThrow(TOO_MANY);
});

test.each(['', ' ', '\n\t\r '])(
  'as many different keys as there may be are taken, and more are not (%j before the colon)',
  (blanks) => {
    expect(() => refuseCrowded(keys(REQUEST_KEYS, blanks))).not.toThrow();
    expect(() => refuseCrowded(keys(REQUEST_KEYS + 1, blanks))).toThrow(TOO_DIFFERENT);
  },
);

test('the same keys again and again are one, and what looks like JSON in a text is a text', () => {
  expect(() => refuseCrowded(list(60_000, '{"a":1}'))).not.toThrow();
  expect(() => refuseCrowded(JSON.stringify({ text: list(900_000), more: keys(100_000) }))).not.toThrow();
});

test.each(['', 'no JSON', '{"a":', '"'.repeat(1_000)])('what is no JSON (%j) is left to whoever parses it', (text) => {
  expect(() => refuseCrowded(text)).not.toThrow();
});

test('a megabyte of usual JSON is taken', () => {
  const item = (id: number) => ({
    id,
    name: `item number ${id}`,
    price: id / 100,
    tags: ['a', 'b'],
    at: { day: 1, done: true },
  });
  const text = JSON.stringify(Array.from({ length: 12_000 }, (_, id) => item(id)));
  expect(text.length).toBeGreaterThan(1_000_000);
  expect(() => refuseCrowded(text)).not.toThrow();
});
