import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
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
  const { violations } = (await page.evaluate(
    ([runOnly, given]) =>
      (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run({ runOnly, rules: given }),
    [only ? { type: 'rule', values: only } : { type: 'tag', values: TAGS }, only ? {} : rules] as const,
  )) as AxeResults;
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
}
