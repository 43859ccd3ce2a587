import { expect, onTestFinished, test } from 'vitest';
import type { Scene } from './scene.ts';
import { row } from './scene.ts';

const FOLDER = '/tools/runs';

/** Behind a proxy that serves it in a folder of a site. */
export function liveInAFolder(scene: () => Scene): void {
  test('in a folder of a site every address is in that folder: links, reloads, calls, the stream', async () => {
    const { at, failed } = scene();
    const site = await at.serveUnder(FOLDER);
    onTestFinished(site.stop);
    const opened = await at.open('/executions?status=failed', { url: site.url + FOLDER });
    onTestFinished(opened.close);
    const { page } = opened;
    expect(page.url()).toBe(`${site.url}${FOLDER}/executions?status=failed`);
    await page.getByText('Live', { exact: true }).first().waitFor();
    await row(page, failed).getByRole('link').first().click();
    await page.getByRole('heading', { level: 1, name: /The score of Alan/ }).waitFor();
    expect(page.url()).toBe(`${site.url}${FOLDER}/executions/${failed}`);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: /The score of Alan/ }).waitFor();
    await page.getByRole('link', { name: 'Workflows', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Workflows' }).waitFor();
    expect(page.url()).toBe(`${site.url}${FOLDER}/workflows`);
    expect(site.asked().filter((path) => !path.startsWith(`${FOLDER}/`))).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });
}
