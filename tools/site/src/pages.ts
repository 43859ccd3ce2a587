import { globSync } from 'node:fs';
import { dirname } from 'node:path/posix';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
export const REPOSITORY = 'https://github.com/runledger/runledger';

const PAGES = [
  'README.md',
  '{CHANGELOG,CONTRIBUTING,SECURITY,CODE_OF_CONDUCT}.md',
  'docs/*.md',
  '{apps,packages,tools}/*/README.md',
  'examples/{,*/}README.md',
];

/** Every page of the site: the file in the repository → where it is served, without a slash before it. */
export function pages(): Map<string, string> {
  return new Map(globSync(PAGES, { cwd: root }).map((file) => [file, placeOf(file)]));
}

/** Markdown that is not a page. */
export function otherMarkdown(): string[] {
  const isPage = new Set(pages().keys());
  const skipped = ['node_modules', '.git', '.cache', '.runledger', 'dist'];
  const all = globSync('**/*.md', { cwd: root, exclude: (name) => skipped.includes(name) });
  return all.filter((file) => !isPage.has(file));
}

function placeOf(file: string): string {
  if (file === 'README.md') return 'index.md';
  if (file === 'docs/index.md') return 'documents.md';
  if (file.startsWith('docs/')) return file.slice('docs/'.length);
  return file.endsWith('/README.md') ? `${dirname(file)}.md` : file.toLowerCase();
}
