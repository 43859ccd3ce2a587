import { fileURLToPath } from 'node:url';
import { buildPage } from '@runledger/browser';
import type { Page } from 'playwright-core';

const SCRIPT = fileURLToPath(new URL('../page/bare.tsx', import.meta.url));
const PATH = '/bare';

/** The bare page, built as an application builds its own. */
export interface BarePage extends AsyncDisposable {
  /**
   * Puts it beside the real page, on the origin of the same API.
   * @param options.pages How many hundreds of rows it reads. @param options.changes A second. @returns its address
   */
  beside(page: Page, url: string, options?: { pages?: number; changes?: number }): Promise<string>;
}

export async function buildBarePage(): Promise<BarePage> {
  const built = await buildPage(SCRIPT, { minify: true });
  const [html = '', script = ''] = await Promise.all(
    ['/', '/page.js'].map(async (path) => (await fetch(built.url + path)).text()),
  );
  return {
    async beside(page, url, { pages = 1, changes = 0 } = {}) {
      await page.route(`${url}${PATH}`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
      await page.route(`${url}/page.*`, (route) =>
        route.fulfill(
          route.request().url().endsWith('.js')
            ? { contentType: 'text/javascript', body: script }
            : { contentType: 'text/css', body: 'td, th { padding: 6px 12px; text-align: start }' },
        ),
      );
      return `${url}${PATH}#${pages},${changes}`;
    },
    [Symbol.asyncDispose]: () => built[Symbol.asyncDispose](),
  };
}
