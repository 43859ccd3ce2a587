import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageConfig } from './page-config.ts';
import { serveDashboard } from './serve-dashboard.ts';

const CONFIG: PageConfig = {
  auth: { url: 'https://project.example.com', key: 'anon' },
  temporalUiUrl: 'https://temporal.example.com',
  namespace: 'default',
  demoUsers: [{ email: 'a"<b>@example.com', password: '&' }],
};
const HTML =
  '<head><base href="/" /><meta name="runledger" content="{}" /><script type="module" src="./assets/a-1.js"></script></head>';
const PAGES = { '^/$': ['assets/home-1.js'], '^/executions/[^/]+$': ['assets/one-1.js', 'assets/parts-1.js'] };
const SCRIPT = 'export const a = 1;';
const IN_BROWSER = { headers: { accept: 'text/html,application/xhtml+xml' } };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runledger-page-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), HTML);
  await writeFile(join(folder, 'pages.json'), JSON.stringify(PAGES));
  await writeFile(join(folder, 'assets', 'a-1.js'), SCRIPT);
  await writeFile(join(folder, 'assets', 'a-1.js.br'), brotliCompressSync(SCRIPT));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const serve = (path = '/') => serveDashboard({ folder, path, config: CONFIG });

describe('the page', () => {
  test('is at every address that a browser opens, and never taken from a cache', async () => {
    for (const address of ['/', '/executions?status=failed', '/executions/1', '/no/such/page']) {
      const answer = await serve().request(address, IN_BROWSER);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    }
  });

  test('is not what a program gets that asks for something else', async () => {
    expect((await serve().request('/executions', { headers: { accept: 'application/json' } })).status).toBe(404);
    expect((await serve().request('/executions')).status).toBe(404);
    expect((await serve().request('/', { ...IN_BROWSER, method: 'POST' })).status).toBe(404);
  });

  test('runs its own scripts and styles only, and talks to where it came from and to sign-in', async () => {
    const policy = (await serve().request('/', IN_BROWSER)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self';");
    expect(policy).toContain("connect-src 'self' https://project.example.com;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe/);
  });

  test('knows where it is and what it has to know, whatever is in that', async () => {
    const html = await (await serve('/ops/runs/').request('/executions/1', IN_BROWSER)).text();
    expect(html).toContain('<base href="/ops/runs/"');
    const content = /name="runledger" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const text = content
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
    expect(JSON.parse(text)).toEqual(CONFIG);
    expect(html).not.toContain('<b>');
  });

  test('names the scripts of what is at its address, so that they come beside the first one', async () => {
    const named = async (address: string) => {
      const html = await (await serve('/runs/').request(address, IN_BROWSER)).text();
      return [...html.matchAll(/<link rel="modulepreload" crossorigin href=".\/([^"]+)">/g)].map(([, file]) => file);
    };
    expect(await named('/executions/1?step=2')).toEqual(['assets/one-1.js', 'assets/parts-1.js']);
    expect(await named('/')).toEqual(['assets/home-1.js']);
    expect(await named('/sign-in')).toEqual([]);
    expect(await named('/executions/1/2')).toEqual([]);
  });
});

describe('its files', () => {
  test('are kept for ever by their names, and compressed before anybody asks', async () => {
    const plain = await serve().request('/assets/a-1.js');
    expect(await plain.text()).toBe(SCRIPT);
    expect(plain.headers.get('content-type')).toMatch(/javascript/);
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const compressed = await serve().request('/assets/a-1.js', { headers: { 'accept-encoding': 'br' } });
    expect(compressed.headers.get('content-encoding')).toBe('br');
  });

  test('that are not there are not the page, and nothing outside of the folder is served', async () => {
    expect((await serve().request('/assets/b-2.js', IN_BROWSER)).status).toBe(404);
    const outside = await serve().request('/assets/..%2f..%2fetc%2fpasswd', { headers: { accept: '*/*' } });
    expect(outside.status).toBe(404);
  });
});
