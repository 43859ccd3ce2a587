import { PAGES, patternOf } from './page/pages.ts';

/** What is read of Vite's manifest: which file became which script, and what that imports. */
export type Manifest = Record<string, { file: string; imports?: string[] }>;

const FIRST = 'index.html';

/** By a regular expression of a page’s addresses, the scripts that it is drawn by, beside those that every page begins with. */
export function scriptsOfPages(manifest: Manifest): Record<string, string[]> {
  const first = new Set(importedBy(manifest, FIRST));
  return Object.fromEntries(
    Object.entries(PAGES).map(([path, page]) => [
      patternOf(path),
      importedBy(manifest, `pages/${page}.tsx`)
        .filter((name) => !first.has(name))
        .map((name) => chunkOf(manifest, name).file),
    ]),
  );
}

/** Itself and whatever it imports at once. */
function importedBy(manifest: Manifest, name: string, seen: string[] = []): string[] {
  if (seen.includes(name)) return seen;
  seen.push(name);
  for (const one of chunkOf(manifest, name).imports ?? []) importedBy(manifest, one, seen);
  return seen;
}

function chunkOf(manifest: Manifest, name: string): Manifest[string] {
  const chunk = manifest[name];
  if (!chunk) throw new Error(`There is no ${name} among ${Object.keys(manifest)}; pages.ts names the files of pages.`);
  return chunk;
}
