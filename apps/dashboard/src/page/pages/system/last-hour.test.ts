import { expect, test } from 'vitest';
import { lastHour } from './last-hour.ts';

const QUIET = { diverged: 0, corrected: {}, feedMissRate: 0, recorded: {}, periodMs: 300_000, periodReachedMs: null };

test.each([
  [{}, 'In the last hour nothing differed.'],
  [{ feedMissRate: null }, 'In the last hour nothing differed.'],
  [{ diverged: 1, corrected: { watch: 0 } }, 'In the last hour 1 row differed and was repaired.'],
  [
    { diverged: 2, corrected: { watch: 3 } },
    'In the last hour 2 rows differed and were repaired; 3 reports were contradicted by Temporal.',
  ],
  [{ feedMissRate: 0.004 }, 'In the last hour the regular check alone found 0.4 % of the ends, no more than usual.'],
  [{ feedMissRate: 0.032 }, 'In the last hour the regular check alone found 3.2 % of the ends, above the usual 1 %.'],
])('%j: %s', (facts, said) => {
  expect(lastHour({ ...QUIET, ...facts })).toBe(said);
});
