import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { accessibilityFaults, buildPage, openChromium } from './index.ts';

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

test('what axe finds wrong names each element, by all rules or by one', async () => {
  const browser = await openChromium();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.setContent(`<html lang="en"><title>Two faults of each kind</title><main><h1 style="color:#999">Pale</h1>
    <p style="color:#999">Pale too</p><img src="data:,"><img src="data:,x"></main></html>`);
  const faults = (await accessibilityFaults(page)).map((fault) => fault.replace(/: .*: /, ' '));
  const pale = ['color-contrast <h1 style="color:#999">Pale</h1>', 'color-contrast <p style="color:#999">Pale too</p>'];
  const images = ['image-alt <img src="data:,">', 'image-alt <img src="data:,x">'];
  expect(faults).toEqual([...pale, ...images]);
  expect(await accessibilityFaults(page, { only: ['color-contrast'] })).toHaveLength(2);
});
