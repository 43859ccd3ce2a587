import { isDouble } from './exact-number.ts';
import { eachJsonToken } from './json-tokens.ts';

/** What keeps a value from being stored as it is. */
export interface Unstorable {
  /** Keys and indexes from the top, as they can be shown: `input.items.0`. */
  path: string;
  problem: string;
}

export interface UnstorableOptions {
  /** Deepest nesting that is taken, in levels of objects and arrays. */
  levels: number;
  /** Characters that Postgres cannot store pass: somebody replaces them. */
  takesAnyText?: boolean;
  /** What else is refused, in words that go on after the path; `null` for nothing. */
  alsoRefuse?: (value: unknown, key: string | number) => string | null;
}

/** Keys and indexes from the value that has it up to the top. */
interface Found {
  way: (string | number)[];
  problem: string;
}

/**
 * Finds what cannot be stored as it is in a value made of plain objects and arrays: NUL characters and halves of surrogate
 * pairs (no `text` or `jsonb` holds them), numbers that JSON does not have, and nesting that overflows stacks. Objects
 * with a `toJSON` are passed over. Goes no deeper than `levels`, and makes nothing for what can be stored: a million values take
 * less time than parsing them did.
 */
export function findUnstorable(value: unknown, options: UnstorableOptions): Unstorable | null {
  const { levels, takesAnyText = false, alsoRefuse } = options;
  const problemOf = (node: unknown) => numberProblemOf(node) ?? (takesAnyText ? null : textProblemOf(node));

  function find(node: unknown, key: string | number, depth: number): Found | null {
    const problem = problemOf(node) ?? alsoRefuse?.(node, key);
    if (problem) return { way: [], problem };
    if (typeof node !== 'object' || node === null || 'toJSON' in node) return null;
    if (depth === levels) return { way: [], problem: `is nested deeper than ${levels} levels` };
    const isArray = Array.isArray(node);
    const keys = isArray ? node : Object.keys(node);
    for (let n = 0; n < keys.length; n += 1) {
      const childKey = isArray ? n : (keys[n] as string);
      const keyProblem = isArray ? null : problemOf(childKey);
      const child = keyProblem ? null : (node as Record<string | number, unknown>)[childKey];
      const found = keyProblem ? { way: [], problem: keyProblem } : find(child, childKey, depth + 1);
      if (found) return { ...found, way: [childKey, ...found.way] };
    }
    return null;
  }

  const found = find(value, '', 0);
  return found && { path: found.way.map(showKey).join('.'), problem: found.problem };
}

function numberProblemOf(value: unknown): string | null {
  if (typeof value === 'bigint') return 'is a BigInt; pass it as text';
  return typeof value !== 'number' || Number.isFinite(value) ? null : 'is a number beyond what JSON numbers can hold';
}

function textProblemOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  if (value.includes('\0')) return 'holds a NUL character, which Postgres cannot keep; remove it';
  return value.isWellFormed() ? null : 'holds half of a surrogate pair, which Postgres cannot keep; remove it';
}

/** A key as it can be shown: it may itself be what is wrong. */
function showKey(key: string | number): string {
  return String(key).slice(0, 100).replaceAll('\0', '\\0').toWellFormed();
}

interface Frame {
  isArray: boolean;
  index: number;
  /** `null` where the next string is a key. */
  key: string | null;
}

/** Numbers that may have more digits than a double, where a value may stand. Those in strings look the same. */
const LONG_NUMBERS = /(?:^|[:,[\s])(-?(?:[\d.]{15,}|[\d.]+(?=[eE]))(?:[eE][+-]?\d+)?)/g;

/**
 * Finds the first number of a JSON text that JavaScript would round, by its path; `null` too for what is not JSON. Looking
 * takes about as long as parsing does, and much less where there are few long numbers.
 */
export function findRoundedNumber(text: string): string | null {
  for (const [, number = ''] of text.matchAll(LONG_NUMBERS)) {
    if (!isDouble(number)) return pathOfRounded(text);
  }
  return null;
}

function pathOfRounded(text: string): string | null {
  const frames: Frame[] = [];
  let path: string | null = null;
  eachJsonToken(text, (kind, start, end) => {
    if (kind === 'close') frames.pop();
    const frame = frames.at(-1);
    if (kind === 'string' && frame && !frame.isArray && frame.key === null) {
      frame.key = keyOf(text.slice(start, end));
      return;
    }
    if (frame?.isArray && kind !== 'close') frame.index += 1;
    if (kind === 'number' && !isDouble(text.slice(start, end))) {
      path = frames.map(({ isArray, index, key }) => showKey(isArray ? index : (key ?? ''))).join('.');
      return false;
    }
    if (kind === 'open') frames.push({ isArray: text[start] === '[', index: -1, key: null });
    else if (frame) frame.key = null;
  });
  return path;
}

function keyOf(token: string): string {
  try {
    return JSON.parse(token) as string;
  } catch {
    return token;
  }
}
