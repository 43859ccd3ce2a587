import { expect, test } from 'vitest';
import { createBroughtParts } from './brought-parts.ts';

test('parts are counted one by one, and for an hour', () => {
  const brought = createBroughtParts();
  brought.add(['runs', 'cancel request'], 0);
  brought.add(['runs'], 1_800_000);
  brought.add([], 1_800_000);
  expect(brought.lastHour(3_000_000)).toEqual({ runs: 2, 'engine start': 0, 'first task': 0, 'cancel request': 1 });
  expect(brought.lastHour(3_700_000)).toMatchObject({ runs: 1, 'cancel request': 0 });
  expect(brought.lastHour(9_000_000)).toMatchObject({ runs: 0 });
});
