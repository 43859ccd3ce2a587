import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { parseHTML } from 'linkedom';

/** Links of a built site that lead to a heading that its page does not have: `page → link`. VitePress itself looks for the pages only. */
export function brokenAnchors(dist: string): string[] {
  const documents = new Map(
    globSync('**/*.html', { cwd: dist }).map((file) => [
      `/${file.replace(/\.html$/, '').replace(/(^|\/)index$/, '$1')}`,
      parseHTML(readFileSync(join(dist, file), 'utf8')).document,
    ]),
  );
  const broken: string[] = [];
  for (const [page, document] of documents)
    for (const link of document.querySelectorAll('main a[href*="#"]')) {
      const href = link.getAttribute('href') ?? '';
      if (/^[a-z]+:/.test(href)) continue;
      const { pathname, hash } = new URL(href, `http://site${page}`);
      const id = decodeURIComponent(hash.slice(1));
      if (!documents.get(pathname)?.getElementById(id)) broken.push(`${page} → ${href}`);
    }
  return broken;
}
