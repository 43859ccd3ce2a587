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
  function at(node: Json, left: Left): Json {
    if (left.isEmpty || node === null) return node;
    if (left.ends || typeof node !== 'object') return replace(node);
    if (Array.isArray(node)) return node.map((item, index) => at(item, left.inItem(index)));
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, at(child, left.within(key))]));
  }
  // A workflow that was started elsewhere may have had several arguments: a list, which pointers do not count with.
  return at(value, leftOf(Array.isArray(value) ? [...paths, ...paths.flatMap(ofArguments)] : paths));
}

const ofArguments = (path: Path): Path[] => (path[0] === '*' ? [['*', ...path]] : []);

/** The pointers that are left at a place: made once for all places that they are left at, of which there may be 100,000. */
interface Left {
  isEmpty: boolean;
  /** Whether one of them leads here. */
  ends: boolean;
  within(key: string): Left;
  /** A number is an item of a list; a name is looked for in all of them. */
  inItem(index: number): Left;
}

function leftOf(paths: readonly Path[]): Left {
  const names = new Set(paths.map(([first]) => first));
  const hasNumbers = paths.some(isNumbered);
  const known = new Map<string | null, Left>();
  const items = new Map<string | null, Left>();
  return {
    isEmpty: paths.length === 0,
    ends: paths.some(({ length }) => length === 0),
    within: (key) => remembered(known, names.has(key) ? key : null, (name) => paths.flatMap(below(name))),
    inItem(index) {
      const name = hasNumbers && names.has(String(index)) ? String(index) : null;
      return remembered(items, name, () =>
        paths.flatMap((path) => (path[0] === '*' || isNumbered(path) ? below(name)(path) : [path])),
      );
    },
  };
}

/** What is left of a pointer below a key; `null`: one that no pointer names. */
const below =
  (name: string | null) =>
  ([first, ...rest]: Path): Path[] =>
    first === '*' || first === name ? [rest] : [];

const isNumbered = ([first = '']: Path): boolean => /^\d+$/.test(first);

function remembered(
  known: Map<string | null, Left>,
  name: string | null,
  pathsBelow: (name: string | null) => Path[],
): Left {
  const found = known.get(name);
  if (found) return found;
  const made = leftOf(pathsBelow(name));
  known.set(name, made);
  return made;
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
