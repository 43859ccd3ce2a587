import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { row, settled, visit } from './scene.ts';

/** What is done with a pointer is done by keys too. */
export function workByKeys(scene: () => Scene): void {
  test('a window is chosen on the bars by keys, and said', async () => {
    const page = await visit(scene(), '/executions');
    const bars = page.getByRole('slider', { name: 'Started: window' });
    await bars.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+ArrowLeft');
    await expect.poll(() => bars.getAttribute('aria-valuetext')).toMatch(/^.+ to .+, \d+ executions?$/);
    await page.keyboard.press('Escape');
    await expect.poll(() => bars.getAttribute('aria-valuetext')).toMatch(/^All/);
    for (const key of ['End', 'Shift+ArrowLeft', 'Enter']) await page.keyboard.press(key);
    await expect.poll(() => new URL(page.url()).searchParams.get('to')).not.toBeNull();
    const { searchParams } = new URL(page.url());
    const [from, to] = ['from', 'to'].map((name) => Date.parse(searchParams.get(name) as string));
    expect((to as number) - (from as number)).toBe(2 * 3_600_000);
  });

  test('who skips the list of pages is on the page, and still on the same one', async () => {
    const page = await visit(scene(), '/executions?status=failed');
    await page.getByText(/shown, nothing new$/).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('#content:focus').waitFor();
    expect(page.url()).toBe(`${scene().at.url}/executions?status=failed`);
  });

  test.each(['/failures', '/workflows'])('j and k lead through the rows of %s, and Enter opens one', async (path) => {
    const page = await visit(scene(), path);
    const links = page.locator('main table.tbl th a');
    await settled(page);
    await links.first().waitFor();
    const isFocused = (link: typeof links) => link.and(page.locator(':focus')).waitFor();
    const down = await links.count();
    for (let presses = 0; presses < down; presses++) await page.keyboard.press('j');
    await isFocused(links.last());
    for (let presses = 0; presses < down; presses++) await page.keyboard.press('k');
    await isFocused(links.first());
    const href = (await links.first().getAttribute('href')) as string;
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toBe(scene().at.url + href);
  });

  test('whoever was about to terminate can cancel instead', async () => {
    const page = await visit(scene(), `/executions?status=running&ids=${scene().open}`);
    await page.locator(`tr[data-id="${scene().open}"] input[type=checkbox]`).click();
    await page.getByRole('button', { name: /^Terminate/ }).click();
    await page.getByRole('button', { name: 'Cancel it instead' }).click();
    await page.getByRole('heading', { name: /^Cancel .*\?$/ }).waitFor();
    await page.getByText('It is asked to stop.').waitFor();
    await page.getByRole('button', { name: 'Keep it running' }).click();
    await expect.poll(() => page.locator('dialog[open]').count()).toBe(0);
  });

  test('whoever opens one and comes back finds the others selected, and goes on from the row that keys were at', async () => {
    const page = await visit(scene(), '/executions?status=failed,completed');
    await row(page, scene().failed).waitFor();
    for (const key of ['j', 'x', 'j', 'x', 'j']) await page.keyboard.press(key);
    await page.getByText('2 selected').waitFor();
    const current = page.locator('tr[data-current]');
    const at = await current.getAttribute('data-id');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Outcome' }).waitFor();
    await page.goBack();
    await page.getByText('2 selected').waitFor();
    await expect.poll(() => current.getAttribute('data-id')).toBe(at);
    await page.keyboard.press('k');
    await expect.poll(() => current.getAttribute('data-id')).not.toBe(at);
    // Opened anew it has nothing selected.
    await page.goto(`${scene().at.url}/workflows`);
    await page.goto(`${scene().at.url}/executions?status=failed,completed`);
    await settled(page);
    expect(await page.getByText(/^\d+ selected/).count()).toBe(0);
  });

  test('z tells every time in UTC, and again where the reader is', async () => {
    const page = await visit(scene(), '/executions', { timezoneId: 'Asia/Kolkata' });
    const zone = page.getByRole('button', { name: /^Time zone/ });
    const here = await zone.textContent();
    expect(here).toMatch(/UTC\+5:30/);
    await page.keyboard.press('z');
    await expect.poll(() => zone.textContent()).toBe('UTC');
    await page.keyboard.press('z');
    await expect.poll(() => zone.textContent()).toBe(here);
  });

  test('a filter is added by letters: the field, then its value, and Escape is back on the page', async () => {
    const page = await visit(scene(), '/executions');
    await page.getByText(/shown, nothing new$/).waitFor();
    const press = async (field: string) => {
      await page.keyboard.press('f');
      await page.locator(':popover-open button:focus').waitFor();
      await page.keyboard.press(field);
    };
    await press('s');
    await page.getByLabel('Pending', { exact: true }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Space');
    await expect.poll(() => new URL(page.url()).search).toBe('?status=pending');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator(':popover-open').count()).toBe(0);
    await press('g');
    // Not the letter that chose the field.
    await expect.poll(() => page.locator(':popover-open input:focus').inputValue()).toBe('');
    await page.keyboard.type('vip');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('tags')).toBe('vip');
  });

  test('a menu that is closed and opened at once begins anew, with the focus in it', async () => {
    const page = await visit(scene(), '/executions');
    await page.getByText(/shown, nothing new$/).waitFor();
    await page.keyboard.press('f');
    await page.locator(':popover-open button:focus').waitFor();
    await page.keyboard.press('s');
    await page.locator(':popover-open input:focus').waitFor();
    await page.evaluate(
      "document.querySelector(':popover-open').hidePopover(); document.querySelector('.add-filter').click()",
    );
    await page.locator(':popover-open button:focus').waitFor();
  });

  test('keys are heard where a checkbox has the focus, and the palette opens from a field', async () => {
    const page = await visit(scene(), '/executions?status=completed,failed');
    const box = page.locator('tr[data-id] input[type=checkbox]').first();
    await box.click();
    await page.getByText('1 selected').waitFor();
    await box.and(page.locator(':focus')).waitFor();
    for (const key of ['j', 'j', 'x']) await page.keyboard.press(key);
    await page.getByText('2 selected').waitFor();
    await page.getByLabel('Search error messages').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('An id, words of an error, a workflow').waitFor();
  });

  test('a range goes from the row that was chosen last to the one that keys are at', async () => {
    const page = await visit(scene(), '/executions?status=completed,failed');
    await page.locator('tr[data-id]').nth(2).waitFor();
    for (const key of ['j', 'x', 'j', 'j', 'Shift+X']) await page.keyboard.press(key);
    await page.getByText('3 selected').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByText(/\d selected/).count()).toBe(0);
  });
}
