import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/** WCAG 2.2 to AA, and what axe calls best practice but for what concerns a whole page, which a part of one is not. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const OF_WHOLE_PAGES = ['region', 'landmark-one-main', 'page-has-heading-one'];

interface Looked {
  /** A whole page, not a part of one. Default: true. */
  isWhole?: boolean;
  /** These rules only. */
  only?: string[];
}

/** What axe finds wrong on a page as it stands, one line for each element: empty where all is well. */
export async function accessibilityFaults(page: Page, { isWhole = true, only }: Looked = {}): Promise<string[]> {
  const path = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  if (!(await page.evaluate<boolean>('"axe" in globalThis'))) await page.evaluate(await readFile(path, 'utf8'));
  const rules = Object.fromEntries(OF_WHOLE_PAGES.map((rule) => [rule, { enabled: isWhole }]));
  const options: RunOptions = {
    ...(only ? { runOnly: { type: 'rule', values: only } } : { runOnly: { type: 'tag', values: TAGS }, rules }),
    // Of what is as it should be, axe would write selectors and markup of each element, and the browser would hand it over.
    resultTypes: ['violations'],
  };
  return page.evaluate(async (given) => {
    const { violations } = await (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run(given);
    return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
  }, options);
}
