import { writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';

/** One picture of a sheet, and what it shows. */
export interface Tile {
  state: string;
  picture: Buffer;
}

const COLUMNS = 3;
const TILE_WIDTH = 560;
const QUALITY = 0.75;

/** Runs in the page: makes WebP of a screenshot, which is PNG or JPEG. */
const asWebp = (png: string) => `(async () => {
  const image = new Image();
  image.src = 'data:image/png;base64,${png}';
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL('image/webp', ${QUALITY}).split(',')[1];
})()`;

const htmlOf = (tiles: Tile[]) => `<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; padding: 16px; background: #e9ebee; font: 15px/20px system-ui, sans-serif; color: #191b1e; width: max-content }
  main { display: grid; grid-template-columns: repeat(${COLUMNS}, ${TILE_WIDTH}px); gap: 16px; align-items: start }
  figure { margin: 0 } figcaption { padding: 0 0 6px; font-weight: 600 }
  img { display: block; max-width: 100%; max-height: ${(TILE_WIDTH * 5) / 8}px; border: 1px solid #c9ccd1 }
</style><main>${tiles
  .map(
    ({ state, picture }) =>
      `<figure><figcaption>${state}</figcaption><img src="data:image/png;base64,${picture.toString('base64')}"></figure>`,
  )
  .join('')}</main>`;

/** Writes pictures side by side, with their names, as one WebP file. */
export async function writeSheet(browser: Browser, file: string, tiles: Tile[]): Promise<void> {
  const page = await browser.newPage({ viewport: { width: COLUMNS * (TILE_WIDTH + 16) + 16, height: 600 } });
  await page.setContent(htmlOf(tiles));
  const png = (await page.screenshot({ fullPage: true })).toString('base64');
  const webp = await page.evaluate<string>(asWebp(png));
  await writeFile(file, Buffer.from(webp, 'base64'));
  await page.close();
}
