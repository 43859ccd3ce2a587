import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration } from './format-duration.ts';

const S = 1_000;
const MIN = 60 * S;
const H = 60 * MIN;
const D = 24 * H;

test.each([
  [0, '0 ms'],
  [-5, '0 ms'],
  [0.42, '0.42 ms'],
  [7.26, '7.3 ms'],
  [123, '120 ms'],
  [996, '1 s'],
  [4_600, '4.6 s'],
  [41 * S, '41 s'],
  [59.7 * S, '1 min'],
  [90 * S, '1.5 min'],
  [5 * MIN, '5 min'],
  [2 * H + 5 * MIN, '2.1 h'],
  [23.7 * H, '1 d'],
  [72 * H, '3 d'],
  [365 * D, '365 d'],
  [Number.POSITIVE_INFINITY, 'for ever'],
])('%d ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('it is within 5 % of the duration, and never of more than two digits before days', () => {
  const unitMs: Record<string, number> = { ms: 1, s: S, min: MIN, h: H, d: D };
  fc.assert(
    fc.property(fc.double({ min: 1, max: 1_000 * D, noNaN: true }), (ms) => {
      const [value = '', unit = ''] = formatDuration(ms).split(' ');
      expect(Math.abs(Number(value) * (unitMs[unit] ?? 0) - ms)).toBeLessThanOrEqual(ms * 0.05 + 1e-9);
      if (unit !== 'd') expect(value.replace('.', '').replace(/^0+|0+$/g, '').length).toBeLessThanOrEqual(2);
    }),
  );
});
