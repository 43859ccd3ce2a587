import { LARGE_BYTES } from './facts/limits.ts';
import type { Json } from './json.ts';

/** A number that a double does not hold, as its JSON text says it. Stands in `Json` where a `number` would round. */
interface ExactNumber {
  readonly exact: string;
  /** What `JSON.stringify` writes: the number itself where the runtime can (`JSON.rawJSON`), else the nearest double. */
  toJSON(): unknown;
}

/** The same in every copy of this package. */
const BRAND = Symbol.for('@runledger/contracts/exact-number');

const rawJson = (JSON as { rawJSON?: (text: string) => unknown }).rawJSON;

/** Grows whenever an exact number is written by `JSON.stringify`. */
let written = 0;

export function exactNumber(source: string): Json {
  const number: ExactNumber = {
    exact: source,
    toJSON() {
      written += 1;
      return rawJson ? rawJson(source) : Number(source);
    },
  };
  return Object.freeze(Object.defineProperty(number, BRAND, { value: true })) as unknown as Json;
}

/** The text of a number that a double does not hold; `null` for every other value. */
export function exactSource(value: unknown): string | null {
  const isExact = typeof value === 'object' && value !== null && (value as { [BRAND]?: boolean })[BRAND] === true;
  return isExact ? (value as ExactNumber).exact : null;
}

/**
 * The value as it goes into a jsonb parameter: its JSON text where it is large, since to quote a text takes a fraction of what it
 * takes to write, and on the way to parse, its value once more; and where it holds a number that a double does not, because
 * a gateway on the way may parse and write the body as doubles. `runledger_private.unwrap` takes either.
 */
export function exactly(value: unknown): Json {
  const before = written;
  const text = JSON.stringify(value) ?? '';
  if (written !== before) return writeExactly(value);
  return text.length < LARGE_BYTES ? (value as Json) : text;
}

function writeExactly(value: unknown): string {
  const exact = exactSource(value);
  if (exact !== null) return exact;
  if (Array.isArray(value)) return `[${value.map((item) => writeExactly(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${writeExactly(item)}`).join(',')}}`;
}

const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** A decimal number taken apart: `digits` × 10^`exponent`, without zeros at either end. */
interface Decimal {
  isNegative: boolean;
  digits: string;
  exponent: number;
}

function decimalOf(source: string): Decimal | null {
  const [match, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(source) ?? [];
  if (match === undefined) return null;
  const all = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  const shift = digits === '' ? 0 : Number(exponent) - fraction.length + (all.length - digits.length);
  return { isNegative: sign === '-' && digits !== '', digits, exponent: shift };
}

/** Whether a JavaScript reader gets the number that a JSON text says: the double's own shortest form is the same number. */
export function isDouble(source: string): boolean {
  // Every number of up to 15 digits is, unless an exponent moves it out of range.
  if (source.length <= 15 && !/[eE]/.test(source)) return true;
  const double = Number(source);
  const shortest = String(double);
  if (shortest === source) return true;
  const decimal = decimalOf(source);
  // What is not a JSON number is left to the parser.
  if (!decimal) return true;
  if (!Number.isFinite(double)) return false;
  const printed = decimalOf(shortest);
  return (
    printed?.digits === decimal.digits &&
    printed.exponent === decimal.exponent &&
    printed.isNegative === decimal.isNegative
  );
}

/** https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-NUMERIC-DECIMAL */
const NUMERIC_DIGITS_BEFORE_POINT = 131_072;
const NUMERIC_DIGITS_AFTER_POINT = 16_383;

/** Characters of the number as Postgres prints it, without an exponent; `null` when its `numeric` cannot hold it. */
export function numericLength(source: string): number | null {
  const [match, , whole = '', fraction = '', exponent = '0'] = NUMBER.exec(source) ?? [];
  if (match === undefined) return source.length;
  // Zeros at the end count too: Postgres keeps the scale that was written.
  const after = Math.max(fraction.length - Number(exponent), 0);
  const before = Math.max(whole.length + Number(exponent), 1);
  if (before > NUMERIC_DIGITS_BEFORE_POINT || after > NUMERIC_DIGITS_AFTER_POINT) return null;
  return before + after + 2;
}
