import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { row, settled, visit } from './scene.ts';

const zone = (page: Page) => page.getByRole('button', { name: /^Time zone/ });
const isIn = (page: Page, offset: string) => expect.poll(() => zone(page).textContent()).toMatch(offset);
const asked = (page: Page) => new URL(page.url()).searchParams.get('tz');

/** Every time on the page is of one zone, and the page says which. */
export function shareOneZone(scene: () => Scene): void {
  test('a saved view brings its zone, also to what is opened from it, until another is chosen', async () => {
    const { at, failed } = scene();
    const page = await visit(scene(), '/executions?status=failed&tz=Asia%2FTokyo', { timezoneId: 'Asia/Kolkata' });
    await isIn(page, 'Tokyo, UTC+9');
    await row(page, failed).waitFor();
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByLabel('Name').fill('As Tokyo sees it');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const view = page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'As Tokyo sees it' });
    await view.waitFor();

    await page.keyboard.press('z');
    await isIn(page, 'UTC');
    expect(asked(page)).toBe('UTC');
    await page.getByRole('button', { name: 'As Tokyo sees it, changed' }).waitFor();
    // An address that says nothing of it is shown as was chosen.
    await page.goto(`${at.url}/executions`);
    await isIn(page, 'UTC');

    await view.click();
    await isIn(page, 'Tokyo, UTC+9');
    await page.getByRole('button', { name: 'As Tokyo sees it', exact: true }).waitFor();
    const started = await row(page, failed).locator('[data-column=started] time').getAttribute('title');
    await row(page, failed).locator('a[data-open]').click();
    await settled(page);
    await isIn(page, 'Tokyo, UTC+9');
    const first = page.getByRole('region', { name: 'What the ledger saw' }).locator('time').first();
    expect((await first.getAttribute('title'))?.slice(0, -2)).toBe(started?.slice(0, -2));
    await page.reload();
    await isIn(page, 'Tokyo, UTC+9');
    await page.keyboard.press('z');
    await isIn(page, 'UTC');
    await page.keyboard.press('z');
    await isIn(page, 'UTC+5:30');
    await page.goto(`${at.url}/executions`);
    await isIn(page, 'UTC+5:30');
  });

  test('a window is written in the zone of the page too, whichever the device is in', async () => {
    const { at, failed } = scene();
    const page = await visit(scene(), '/executions?tz=America%2FNew_York', { timezoneId: 'Asia/Kolkata' });
    await row(page, failed).waitFor();
    await page.keyboard.press('f');
    await page.locator(':popover-open button:focus').waitFor();
    await page.keyboard.press('t');
    await page.getByLabel('From').fill('2026-03-08T12:00');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('from')).toBe('2026-03-08T16:00:00.000Z');
    // It is told, and offered again, as it was written.
    await page
      .getByRole('button', { name: /8 Mar 12:00/ })
      .first()
      .click();
    expect(await page.getByLabel('From').inputValue()).toBe('2026-03-08T12:00');
    await page.goto(`${at.url}/executions?tz=UTC&from=2026-03-08T16:00:00Z`);
    await page
      .getByRole('button', { name: /8 Mar 16:00/ })
      .first()
      .click();
    expect(await page.getByLabel('From').inputValue()).toBe('2026-03-08T16:00');
  });

  test('a zone that there is not is named and left out; one that is not that of the device is told on a phone too', async () => {
    const { at } = scene();
    const page = await visit(scene(), '/executions?tz=Mars%2FOlympus', { timezoneId: 'Asia/Kolkata' });
    await page.getByText('This link has a filter that this version does not know: tz=Mars/Olympus').waitFor();
    await isIn(page, 'UTC+5:30');
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await zone(page).isVisible()).toBe(false);
    await page.goto(`${at.url}/executions?tz=America%2FArgentina%2FComodRivadavia`);
    await zone(page).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
  });
}
