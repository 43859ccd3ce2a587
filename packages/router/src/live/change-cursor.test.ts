import { expect, test } from 'vitest';
import { createEventIds } from './change-cursor.ts';

const KEY = new Uint8Array(32).fill(7);

test('an id tells its cursor to whoever has the key, for as long as changes are kept', () => {
  const [ids, of] = [createEventIds(KEY), createEventIds(KEY.slice())];
  for (const cursor of ['0', '1', '742', String(2n ** 64n - 1n)]) expect(of.cursorOf(ids.idOf(cursor))).toBe(cursor);
  const old = ids.idOf('742', 0);
  expect(of.cursorOf(old, 50 * 60_000)).toBe('742');
  expect(of.cursorOf(old, 50 * 60_000 + 1)).toBeNull();
});

test('ids of the same cursor, and of the next one, have nothing in common: how much others write shows in none', () => {
  const ids = createEventIds(KEY);
  const made = new Set(['742', '742', '743'].map((cursor) => ids.idOf(cursor, 0).slice(0, 8)));
  expect(made.size).toBe(3);
  expect(ids.idOf('742', 0)).not.toContain('742');
});

test.each(['', 'x', '742-kf12oi', 'A'.repeat(64), createEventIds().idOf('742')])('%j is the id of no event', (id) => {
  expect(createEventIds(KEY).cursorOf(id)).toBeNull();
});

test('an id that was changed in any place is none', () => {
  const ids = createEventIds(KEY);
  const id = ids.idOf('742');
  expect(id.length).toBeLessThanOrEqual(64);
  for (let n = 0; n < id.length - 1; n += 1) {
    const changed = id.slice(0, n) + (id[n] === 'A' ? 'B' : 'A') + id.slice(n + 1);
    expect(ids.cursorOf(changed)).toBeNull();
  }
});

test('a key of another length is refused', () => {
  expect(() => createEventIds(new Uint8Array(16))).toThrow('eventKey: must have 32 bytes, has 16');
});
