import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

const LIST = { scope: { userId: 'ada' }, filter: { status: ['failed'] }, orderBy: 'started_at' } as const;
const BY_DURATION = { ...LIST, orderBy: 'duration' } as const;
const times = fc
  .record({
    at: fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
    micros: fc.nat(999),
  })
  .map(({ at, micros }) => at.toISOString().replace('Z', `${String(micros).padStart(3, '0')}+00:00`));
const durations = fc.bigInt({ min: 0n, max: 9_223_372_036_854_775_807n }).map(String);
const positions = fc.record({ value: times, id: fc.uuid() });

test('a cursor gives back the position it was made of, with its microseconds', () => {
  fc.assert(
    fc.property(positions, (position) => {
      expect(decodeCursor(LIST, encodeCursor(LIST, position))).toEqual(position);
    }),
  );
  fc.assert(
    fc.property(fc.record({ value: durations, id: fc.uuid() }), (position) => {
      expect(decodeCursor(BY_DURATION, encodeCursor(BY_DURATION, position))).toEqual(position);
    }),
  );
});

test.each([
  ['a number in the place of an instant', LIST, '99'],
  ['an instant in the place of a number', BY_DURATION, '2026-01-01T00:00:00+00:00'],
  ['a word', LIST, 'infinity'],
  ['another word', BY_DURATION, 'NaN'],
  ['a sign', BY_DURATION, '-1'],
] as const)('a cursor that somebody made themselves, with %s, is refused', (_, list, value) => {
  const made = encodeCursor(list, { value, id: '01939c5e-0000-7000-8000-000000000001' });
  expect(() => decodeCursor(list, made)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
});

test('a cursor with any character changed is refused', () => {
  fc.assert(
    fc.property(positions, fc.nat(), fc.constantFrom(...'abcXYZ019-_'), (position, at, character) => {
      const cursor = encodeCursor(LIST, position);
      const index = at % cursor.length;
      const tampered = cursor.slice(0, index) + character + cursor.slice(index + 1);
      if (tampered === cursor) return;
      expect(() => decodeCursor(LIST, tampered)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
    }),
  );
});

test.each([
  ['of another user', { ...LIST, scope: { userId: 'bob' } }],
  ['of another filter', { ...LIST, filter: {} }],
  ['of another order', BY_DURATION],
] as const)('a cursor %s is refused', (_, list) => {
  const cursor = encodeCursor(LIST, { value: '2026-01-01T00:00:00+00:00', id: '01939c5e-0000-7000-8000-000000000001' });
  expect(() => decodeCursor(list, cursor)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
});

test('any text is refused as a cursor', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => decodeCursor(LIST, text)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
    }),
  );
});

test('a cursor of a release before this one is refused, not misread', () => {
  const older = Buffer.from(
    JSON.stringify(['fingerprint1', '2026-01-01T00:00:00Z', '01939c5e-0000-7000-8000-000000000001']),
  );
  expect(() => decodeCursor(LIST, older.toString('base64url'))).toThrow('nextCursor');
});
