import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactly, isDouble, numericLength } from './exact-number.ts';
import { LARGE_BYTES } from './facts/limits.ts';

/** What a decimal says, as a fraction of whole numbers times 10^400. */
function scaled(source: string): bigint {
  const [mantissa = '', exponent = '0'] = source.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction) * 10n ** BigInt(400 + Number(exponent) - fraction.length);
}

const digits = (most: number) => fc.stringMatching(new RegExp(`^(0|[1-9]\\d{0,${most}})$`));
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits(20),
    fc.option(fc.stringMatching(/^\d{1,20}$/), { nil: null }),
    fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-', 'E-'), fc.integer({ min: 0, max: 300 })), { nil: null }),
  )
  .map(
    ([sign, whole, fraction, exponent]) =>
      `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : exponent.join('')}`,
  );

test('a number is a double where the shortest form of that double says the same', () => {
  fc.assert(
    fc.property(number, (source) => {
      const double = Number(source);
      const isSame = Number.isFinite(double) && scaled(String(double)) === scaled(source);
      expect([source, isDouble(source)]).toEqual([source, isSame]);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['999999999999999', true],
  ['9007199254740993', false],
  ['-9007199254740993', false],
  ['9007199254740993.0', false],
  ['900719925474099200000', true],
  ['0.10', true],
  ['0.1000000000000000055511151231257827', false],
  ['1e400', false],
  ['-0.0', true],
  ['-0', true],
  ['0e999', true],
  ['1.50e1', true],
  ['12345678901234567e-400', false],
  ['Infinity', true],
])('%s', (source, expected) => {
  expect(isDouble(source)).toBe(expected);
});

test.each([
  ['0', 3],
  ['12.50', 6],
  ['-1e3', 6],
  ['1e-3', 6],
  ['1.5e1', 4],
  ['1e131071', 131_074],
  ['1e131072', null],
  ['1e-16383', 16_386],
  ['1e-16384', null],
  ['x', 1],
])('Postgres prints %s in so many characters at most', (source, length) => {
  expect(numericLength(source)).toBe(length);
});

test('what is large goes as its text, and nothing else does', () => {
  const quotes = 2;
  const of = (length: number) => 'x'.repeat(length - quotes);
  expect(exactly(of(LARGE_BYTES - 1))).toBe(of(LARGE_BYTES - 1));
  expect(exactly(of(LARGE_BYTES))).toBe(`"${of(LARGE_BYTES)}"`);
  expect([exactly(undefined), exactly(null), exactly({ a: [1] })]).toEqual([undefined, null, { a: [1] }]);
});
