import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import type MarkdownIt from 'markdown-it';
import { pages, REPOSITORY, root } from './pages.ts';

const ELSEWHERE = /^([a-z]+:|#|\/\/)/i;

/**
 * Links in the documents are those of the repository, so that they lead somewhere on GitHub too. Here a link to a page leads to the page,
 * and one to any other file to the repository. A picture is taken from the repository's folder.
 * @throws Error that names a link to a file that there is not
 */
export function siteLinks(markdown: MarkdownIt): void {
  // Braces in the documents are text, and not expressions of the site.
  const asText = (html: string) => html.replaceAll('{{', '&#123;&#123;');
  for (const rule of ['text', 'code_inline'] as const) {
    const render = markdown.renderer.rules[rule];
    if (render) markdown.renderer.rules[rule] = (...all) => asText(render(...all));
  }
  const places = pages();
  const sources = new Map([...places].map(([file, place]) => [place, file]));
  markdown.core.ruler.push('site-links', ({ tokens, env }) => {
    const source = sources.get(env.relativePath) ?? env.relativePath;
    for (const { children } of tokens)
      for (const token of children ?? []) {
        const name = token.type === 'link_open' ? 'href' : 'src';
        const target = token.type === 'link_open' || token.type === 'image' ? token.attrGet(name) : null;
        if (target !== null && !ELSEWHERE.test(target)) token.attrSet(name, resolved(source, target, token.type));
      }
  });

  function resolved(source: string, target: string, type: string): string {
    const [path = '', hash] = target.split('#');
    const file = normalize(join(dirname(source), decodeURI(path))).replace(/\/$/, '');
    if (!existsSync(join(root, file))) throw new Error(`${source} links to ${target}, which there is not`);
    const anchor = hash === undefined ? '' : `#${hash}`;
    if (type === 'image') return `/${file}`;
    const place = places.get(file) ?? places.get(`${file}/README.md`);
    if (place === undefined) return `${REPOSITORY}/blob/main/${file}${anchor}`;
    return `/${place.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '')}${anchor}`;
  }
}
