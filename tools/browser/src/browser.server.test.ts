import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildPage, openChromium } from './index.ts';

test('Chromium shows what a script makes of its modules', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'runledger-page-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'word.ts'), `export const word: string = 'Bundled';`);
  const entry = join(folder, 'page.ts');
  await writeFile(entry, `import { word } from './word.ts'; document.querySelector('main')!.textContent = word;`);

  await using page = await buildPage(entry);
  const browser = await openChromium();
  onTestFinished(() => browser.close());
  const tab = await browser.newPage();
  await tab.goto(page.url);
  await expect.poll(() => tab.textContent('main')).toBe('Bundled');
});
