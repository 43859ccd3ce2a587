import type { Page } from 'playwright-core';

interface Nodes {
  document: { querySelectorAll(selector: string): Iterable<{ textContent: string }> };
}

/** Stacks name where this repository lies, which is nobody's business. */
export const shortenPaths = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const node of (globalThis as unknown as Nodes).document.querySelectorAll('pre'))
      if (/\/(tools|node_modules)\//.test(node.textContent))
        node.textContent = node.textContent
          .replace(/file:\/\/\S*?\/tools\//g, 'file:///app/tools/')
          .replace(/\/[^\s()]*?\/node_modules\//g, '/app/node_modules/');
  });
