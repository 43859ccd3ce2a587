import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import MarkdownIt from 'markdown-it';
import { expect, test } from 'vitest';
import { pages } from './pages.ts';
import { sidebar } from './sidebar.ts';
import { siteLinks } from './site-links.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

test('the site is built of every document, no link of it leads nowhere, and it has a search and a text for agents', async () => {
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL('build.ts', import.meta.url))]);
  for (const place of pages().values())
    expect(existsSync(join(dist, place.replace(/\.md$/, '.html'))), place).toBe(true);
  const forAgents = readFileSync(join(dist, 'llms.txt'), 'utf8');
  expect(forAgents).toContain('(/operating.md)');
  expect(readFileSync(join(dist, 'index.html'), 'utf8')).toContain('VPNavBarSearch');
  expect(sidebar().flatMap(({ items }) => items).length).toBeGreaterThan(30);
});

test('a link of the repository becomes one of the site, or of the repository where it is no page; one to nothing is an error', () => {
  const markdown = new MarkdownIt().use(siteLinks);
  const render = (text: string) => markdown.render(text, { relativePath: 'packages/client.md' });
  expect(render('[a](../../docs/operating.md#health)')).toContain('href="/operating#health"');
  expect(render('[a](../../README.md)')).toContain('href="/"');
  expect(render('[a](src/index.ts)')).toContain('/blob/main/packages/client/src/index.ts"');
  expect(render('[a](#own) [b](https://example.com)')).toContain('href="#own"');
  expect(() => render('[a](../../docs/nowhere.md)')).toThrow(
    'packages/client/README.md links to ../../docs/nowhere.md, which there is not',
  );
  expect(render('`{{ x }}`')).not.toContain('{{');
});
