import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Context } from 'hono';
import { Hono } from 'hono';
import type { DashboardOptions } from './page-config.ts';

/** Named by what is in them; any other address that a browser opens is one of the page's own. */
const ASSETS = '/assets/*';

/**
 * The dashboard: its files by hash for ever, its page never from a cache. Scripts and styles are its own files only; it talks to
 * the API it came from and to the project's sign-in.
 */
export function serveDashboard({ folder, path, config }: DashboardOptions): Hono {
  const app = new Hono();
  const policy = contentSecurityPolicy(config.auth.url);
  const headers = (c: Context, cache: string) => {
    c.header('content-security-policy', policy);
    c.header('cache-control', cache);
  };
  app.use(ASSETS, async (c, next) => {
    await next();
    if (c.res.ok) headers(c, 'public, max-age=31536000, immutable');
  });
  app.get(ASSETS, serveStatic({ root: folder, precompressed: true }), (c) => c.text('There is no such file.', 404));
  // Read each time: a page that was built anew meanwhile names other files.
  const readPage = async (address: string) => {
    const [html, pages] = await Promise.all(
      ['index.html', 'pages.json'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    return (html as string)
      .replace('<base href="/"', `<base href="${escaped(path)}"`)
      .replace('name="runledger" content="{}"', `name="runledger" content="${escaped(JSON.stringify(config))}"`)
      .replace('</head>', `${preloads(scriptsOf(JSON.parse(pages as string), address))}</head>`);
  };
  app.get('*', async (c, next) => {
    if (!isNavigation(c)) return next();
    headers(c, 'no-cache');
    return c.html(await readPage(c.req.path));
  });
  return app;
}

/** By a regular expression of a page’s addresses, the scripts that it needs beside the first ones. */
type Pages = Record<string, string[]>;

const scriptsOf = (pages: Pages, address: string): string[] =>
  Object.entries(pages).find(([pattern]) => new RegExp(pattern).test(address))?.[1] ?? [];

/** A browser takes them in beside the first ones, not after those have run. */
const preloads = (scripts: string[]) =>
  scripts.map((file) => `<link rel="modulepreload" crossorigin href="./${escaped(file)}">`).join('');

/** Somebody opens an address in a browser; programs that ask for JSON, or for whatever, get the API's answer. */
const isNavigation = (c: Context) => (c.req.header('accept') ?? '').includes('text/html');

function contentSecurityPolicy(signIn: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${new URL(signIn).origin}`,
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
