import { REDACTED } from './facts/redacted.ts';
import type { Json } from './json.ts';

/** A pointer as the levels that are left of it. */
type Path = readonly string[];

/** Pure: a value without what the pointers lead to. */
export function redactJson(value: Json, paths: readonly Path[]): Json {
  return replaceRedacted(value, paths, () => REDACTED);
}

/** Pure: a value in which whatever the pointers lead to is another. */
function replaceRedacted(value: Json, paths: readonly Path[], replace: (found: Json) => Json): Json {
  function at(node: Json, left: readonly Path[]): Json {
    if (left.length === 0 || node === null) return node;
    if (left.some(({ length }) => length === 0) || typeof node !== 'object') return replace(node);
    if (Array.isArray(node)) return node.map((item, index) => at(item, inItem(left, index)));
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, at(child, within(left, key))]));
  }
  // A workflow that was started elsewhere may have had several arguments: a list, which pointers do not count with.
  return at(value, Array.isArray(value) ? [...paths, ...paths.flatMap(ofArguments)] : paths);
}

const ofArguments = (path: Path): Path[] => (path[0] === '*' ? [['*', ...path]] : []);

const within = (paths: readonly Path[], key: string): Path[] =>
  paths.flatMap(([first, ...rest]) => (first === '*' || first === key ? [rest] : []));

/** A number is an item of a list; a name is looked for in all of them. */
function inItem(paths: readonly Path[], index: number): Path[] {
  return paths.flatMap((path) => {
    const [first = '', ...rest] = path;
    if (first === '*' || first === String(index)) return [rest];
    return /^\d+$/.test(first) ? [] : [path];
  });
}

/**
 * Pure: what a reader of a redacted value sends back, edited, with what was redacted as it was. Items of a list that has
 * become longer or shorter are not told apart any more: their marks stay.
 */
export function restoreRedacted(edited: Json, clear: Json, paths: readonly Path[]): Json {
  return restoreAt(edited, clear, redactJson(clear, paths));
}

function restoreAt(edited: Json, clear: Json, shown: Json): Json {
  if (edited === REDACTED && shown === REDACTED) return clear;
  if (!isObject(edited) || !isObject(clear) || !isObject(shown)) return edited;
  if (Array.isArray(edited) || Array.isArray(clear) || Array.isArray(shown)) {
    if (!Array.isArray(edited) || !Array.isArray(clear) || !Array.isArray(shown)) return edited;
    if (edited.length !== clear.length) return edited;
    return edited.map((item, index) => restoreAt(item, clear[index] as Json, shown[index] as Json));
  }
  const restored = Object.entries(edited).map(([key, child]): [string, Json] => [
    key,
    Object.hasOwn(clear, key) ? restoreAt(child, clear[key] as Json, shown[key] as Json) : child,
  ]);
  return Object.fromEntries(restored);
}

const isObject = (value: Json): value is Json[] | { [key: string]: Json } =>
  typeof value === 'object' && value !== null;

/** Whether the mark stands, or is in what stands, where a value would be redacted: nobody means it as a value there. */
export function hasMarks(value: Json, paths: readonly Path[]): boolean {
  let found = false;
  replaceRedacted(value, paths, (node) => {
    found ||= isMarked(node);
    return node;
  });
  return found;
}

const isMarked = (value: Json): boolean =>
  value === REDACTED || (isObject(value) && (Object.values(value) as Json[]).some(isMarked));
