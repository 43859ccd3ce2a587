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

/** A value, with the way back to the top. */
interface Place {
  value: unknown;
  key: string | number;
  parent: Place | null;
  depth: number;
}

/**
 * Finds what cannot be stored as it is in a value made of plain objects and arrays: NUL characters and halves of surrogate
 * pairs (no `text` or `jsonb` holds them), numbers that JSON does not have, and nesting that overflows stacks. Objects
 * with a `toJSON` are passed over. Never overflows the stack itself.
 */
export function findUnstorable(value: unknown, options: UnstorableOptions): Unstorable | null {
  const { levels, takesAnyText = false, alsoRefuse } = options;
  const problemOf = (node: unknown) => numberProblemOf(node) ?? (takesAnyText ? null : textProblemOf(node));
  const left: Place[] = [{ value, key: '', parent: null, depth: 0 }];
  for (let place = left.pop(); place; place = left.pop()) {
    const problem = problemOf(place.value) ?? alsoRefuse?.(place.value, place.key);
    if (problem) return { path: pathOf(place), problem };
    if (typeof place.value !== 'object' || place.value === null || 'toJSON' in place.value) continue;
    if (place.depth === levels) return { path: pathOf(place), problem: `is nested deeper than ${levels} levels` };
    for (const child of childrenOf(place, place.value)) {
      const keyProblem = problemOf(child.key);
      if (keyProblem) return { path: pathOf(child), problem: keyProblem };
      left.push(child);
    }
  }
  return null;
}

function childrenOf(parent: Place, value: object): Place[] {
  const depth = parent.depth + 1;
  if (Array.isArray(value)) return value.map((item, key) => ({ value: item, key, parent, depth }));
  return Object.entries(value).map(([key, item]) => ({ value: item, key, parent, depth }));
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

function pathOf(place: Place): string {
  const keys: string[] = [];
  for (let at: Place = place; at.parent; at = at.parent) keys.unshift(showKey(at.key));
  return keys.join('.');
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
