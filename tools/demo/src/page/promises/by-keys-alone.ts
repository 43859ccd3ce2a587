import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { AN_HOUR, settled, visit } from './scene.ts';

/** More presses of Tab than any page has controls: where they do not suffice, the focus goes in circles. */
const MOST_TABS = 250;

/** Run in the page: every control that somebody sees, numbered. */
const NUMBER_CONTROLS = `
  [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0 && !one.closest('dialog:not([open])'))
    .map((one, at) => {
      one.dataset.numbered = at;
      return one.getAttribute('aria-label') || one.innerText || one.title || one.outerHTML.slice(0, 120);
    })`;

/**
 * Run in the page: which control has the focus (`null`: none, or one that has come since), and whether that is seen: by an outline of
 * it or of what it lies in.
 */
const FOCUSED = `(() => {
  const one = document.activeElement;
  const outlined = (element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || (element === one && boxShadow !== 'none');
  };
  const around = [one, one.parentElement, one.closest('label, .search')].filter(Boolean);
  const { width, height } = one.getBoundingClientRect();
  return { number: one.dataset.numbered ?? null, isLeft: one === document.body, isSeen: width > 0 && height > 0 && around.some(outlined) };
})()`;

/** Run in the page: whether a control of the page itself has the focus, and all of it is below the bar. */
const BELOW_BAR = `document.querySelector('main').contains(document.activeElement)
  && document.activeElement.getBoundingClientRect().top >= document.querySelector('header').getBoundingClientRect().bottom`;

interface Focused {
  number: string | null;
  /** The focus has left the page. */
  isLeft: boolean;
  isSeen: boolean;
}

/** Presses Tab until the focus leaves the page. @returns what was never reached, and what had the focus unseen */
async function walk(page: Page): Promise<{ names: string[]; faults: string[] }> {
  const names = await page.evaluate<string[]>(NUMBER_CONTROLS);
  const reached = new Set<string>();
  const faults: string[] = [];
  for (let presses = 0; presses < MOST_TABS; presses++) {
    await page.keyboard.press('Tab');
    const { number, isLeft, isSeen } = await page.evaluate<Focused>(FOCUSED);
    if (isLeft && reached.size > 1) break;
    if (number === null) continue;
    if (reached.has(number)) break;
    reached.add(number);
    if (!isSeen) faults.push(`has the focus unseen: ${names[Number(number)]}`);
  }
  names.forEach((name, at) => {
    if (!reached.has(`${at}`)) faults.push(`is not reached: ${name}`);
  });
  return { names, faults };
}

const comes = (what: Locator): Promise<boolean> =>
  what.waitFor().then(
    () => true,
    () => false,
  );

/** Opens by Enter whatever opens something, closes it by Escape, and says where the focus is not back. */
async function openEach(page: Page): Promise<string[]> {
  const faults: string[] = [];
  const openers = page
    .locator('main')
    .getByRole('button', { name: /^[A-Z].*…$/ })
    .or(page.locator('main [popovertarget]'));
  const address = page.url();
  for (const opener of await openers.all()) {
    if (!(await opener.isVisible()) || !(await opener.isEnabled())) continue;
    const name = ((await opener.getAttribute('aria-label')) ?? (await opener.textContent()) ?? '').trim();
    await opener.focus();
    await page.keyboard.press('Enter');
    if (!(await comes(page.locator('dialog[open], [popover]:popover-open').first()))) {
      faults.push(`opens nothing: ${name}`);
      continue;
    }
    const within = 'document.activeElement.closest("dialog[open], [popover]") !== null';
    await expect.poll(() => page.evaluate(within), { message: `${name}: the focus goes into it` }).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('dialog[open], [popover]:popover-open').count()).toBe(0);
    if (!(await comes(opener.and(page.locator(':focus'))))) faults.push(`the focus is not back after: ${name}`);
  }
  expect(page.url()).toBe(address);
  return faults;
}

const PAGES: Record<string, (scene: Scene) => string> = {
  overview: () => '/',
  executions: () => '/executions?status=failed',
  'an execution that ended': ({ failed }) => `/executions/${failed}`,
  'an execution that runs': ({ open }) => `/executions/${open}`,
  failures: () => '/failures',
  workflows: () => '/workflows',
  workflow: ({ at }) => `/workflows/${at.workflows.order}`,
  start: ({ at }) => `/workflows/${at.workflows.order}/start`,
  proof: () => '/system',
};

/** Without a pointer: what is there is reached by Tab, shows that it has the focus, and gives it back. */
export function needNoPointer(scene: () => Scene): void {
  describe('by keys alone', () => {
    test.each(Object.entries(PAGES))('%s', async (_, pathOf) => {
      const page = await visit(scene(), pathOf(scene()));
      await settled(page);
      const { names, faults } = await walk(page);
      expect(names.length).toBeGreaterThan(10);
      expect([...faults, ...(await openEach(page))]).toEqual([]);
    });

    test('whoever skips to the page sees what has the focus: the bar above does not cover it', async () => {
      const page = await visit(scene(), `/executions/${scene().failed}`);
      await settled(page);
      for (const key of ['Tab', 'Enter', 'Tab']) await page.keyboard.press(key);
      await expect.poll(() => page.evaluate(BELOW_BAR)).toBe(true);
    });

    test('what is done takes its button away, and not the focus', async () => {
      const page = await visit(scene(), '/executions', { user: 'grace' });
      const { client } = await scene().at.as('grace');
      const { id } = await client.execution.createExecution.mutate({
        workflowId: scene().at.workflows.transcodeVideo as string,
        input: { title: 'trailer', seconds: AN_HOUR },
      });
      await page.goto(`${scene().at.url}/executions/${id}`);
      const cancel = page.getByRole('button', { name: 'Cancel…' });
      await cancel.focus();
      await page.keyboard.press('Enter');
      // The safe button has the focus, and the other one comes next.
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Keep it running' }).and(page.locator(':focus')).waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await dialog.getByRole('button', { name: 'Close' }).and(page.locator(':focus')).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: /^Cancelled/ }).waitFor();
      await expect.poll(() => cancel.count()).toBe(0);
      expect(await page.evaluate('document.activeElement !== document.body')).toBe(true);
    });
  });
}
