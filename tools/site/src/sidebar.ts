import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path/posix';
import { pages, root } from './pages.ts';

interface Group {
  text: string;
  items: { text: string; link: string }[];
}

/** The index of the documents is the site's sidebar too: its headings, and the first link of each line. */
export function sidebar(): Group[] {
  const places = pages();
  const groups: Group[] = [];
  for (const line of readFileSync(join(root, 'docs/index.md'), 'utf8').split('\n')) {
    const [, heading] = /^## (.+)/.exec(line) ?? [];
    if (heading) groups.push({ text: heading, items: [] });
    const [, text, target] = /^- \[([^\]]+)\]\(([^)]+)\)/.exec(line) ?? [];
    if (!text || !target) continue;
    const [path = '', hash] = target.split('#');
    const place = places.get(normalize(join('docs', path)));
    if (!place) continue;
    const link = `/${place.replace(/\.md$/, '').replace(/^index$/, '')}${hash ? `#${hash}` : ''}`;
    groups.at(-1)?.items.push({ text, link });
  }
  return groups;
}
