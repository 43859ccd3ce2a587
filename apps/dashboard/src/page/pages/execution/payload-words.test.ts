import { OUTPUT_NOTES } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { noteWords, sizeOf } from './payload-words.ts';

describe('a note of a payload', () => {
  test.each(OUTPUT_NOTES)('%s is a sentence, with its detail and without', (note) => {
    expect(noteWords(note)).toMatch(/^[A-Z][^_]+\.?$/);
    expect(noteWords(`${note}: 41 MB`)).toMatch(/^[A-Z][^_]+: 41 MB\.$/);
  });

  test('that says that it is encrypted says no more', () => {
    expect(noteWords('undecodable: binary/encrypted')).toBe('It is encrypted.');
  });

  test('of several is several sentences, and one of a later version stays as it is', () => {
    expect(noteWords('pruned, from_the_future')).toBe('It was pruned; the outcome stays. from_the_future');
  });
});

test.each([
  [0, '0 B'],
  [999, '1 KB'],
  [980, '980 B'],
  [2_140_000, '2.1 MB'],
  [14_400, '14 KB'],
])('%i bytes are %s', (count, said) => {
  expect(sizeOf(count)).toBe(said);
});
