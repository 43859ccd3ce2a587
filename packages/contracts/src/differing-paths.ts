import type { Json } from './json.ts';

/** Deepest level that is compared, and most paths told: whoever wrote a payload picks its size. */
const BOUNDS = { levels: 12, paths: 50, nodes: 20_000 } as const;

export interface DifferingPath {
  /** `items[2].price`; empty for the whole. */
  path: string;
  /** `changed`: also where both are deeper than what is compared. */
  change: 'added' | 'removed' | 'changed';
}

/** Longest path told, in characters. */
const LONGEST_PATH = 200;

const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Pure: where a value differs from another, without the values; `isCut` where there is more than is told. */
export function differingPaths(value: Json, other: Json): { paths: DifferingPath[]; isCut: boolean } {
  const paths: DifferingPath[] = [];
  let nodes = 0;
  let isCut = false;

  function note(path: string, change: DifferingPath['change']): void {
    if (paths.length < BOUNDS.paths) paths.push({ path: path.slice(0, LONGEST_PATH), change });
    else isCut = true;
  }

  function compare(a: Json | undefined, b: Json | undefined, path: string, level: number): void {
    nodes += 1;
    if (isCut || nodes > BOUNDS.nodes) {
      isCut = true;
      return;
    }
    if (a === b) return;
    if (a === undefined || b === undefined) {
      note(path, a === undefined ? 'removed' : 'added');
      return;
    }
    const areLists = Array.isArray(a) && Array.isArray(b);
    if (!areLists && !(isObject(a) && isObject(b))) {
      note(path, 'changed');
      return;
    }
    if (level >= BOUNDS.levels) {
      if (JSON.stringify(a) !== JSON.stringify(b)) note(path, 'changed');
      return;
    }
    if (areLists) {
      for (let at = 0; at < Math.max(a.length, b.length) && !isCut; at += 1)
        compare(a[at], b[at], `${path}[${at}]`, level + 1);
      return;
    }
    const [left, right] = [a as Record<string, Json>, b as Record<string, Json>];
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      if (isCut) return;
      const own = (of: Record<string, Json>) => (Object.hasOwn(of, key) ? of[key] : undefined);
      compare(own(left), own(right), path === '' ? key : `${path}.${key}`, level + 1);
    }
  }

  compare(value, other, '', 0);
  return { paths, isCut };
}
