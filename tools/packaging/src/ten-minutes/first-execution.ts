import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openChromium } from '@runledger/browser';

const PICTURES = join(import.meta.dirname, '../../../../dist/ten-minutes');

/** Opens the page that `runledger dev` names, starts the workflow that `init` wrote, and waits until it is shown as completed. */
export async function seeFirstExecution(said: string): Promise<void> {
  const [, url = ''] = /Open +(http:\S+)/.exec(said) ?? [];
  await mkdir(PICTURES, { recursive: true });
  const browser = await openChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1_280, height: 800 } });
    await page.goto(url);
    await page.getByRole('button', { name: /^Continue as/ }).click();
    await page.getByRole('link', { name: 'Workflows' }).first().click();
    await page.getByRole('link', { name: 'hello' }).first().click();
    await page.locator('main a[href$="/start"]').click();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('heading', { name: /^Completed/ }).waitFor();
    await page.getByText('Hello, world!').first().waitFor();
    await page.screenshot({ path: join(PICTURES, 'first-execution.png') });
  } finally {
    await browser.close();
  }
}
