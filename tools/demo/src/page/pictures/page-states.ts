import type { Page } from 'playwright-core';
import type { PageFixture, User } from '../page-fixture.ts';
import type { Tile } from './contact-sheet.ts';
import { shortenPaths } from './shorten-paths.ts';

/** What a page reads has come, and what has changed is no longer tinted. */
const SETTLED_MS = 800;
const ANSWERED_MS = 15_000;
const WIDE = { width: 1_280, height: 800 };
const NARROW = { width: 390, height: 800 };
const CALLS = /\/trpc\//;

type Media = Parameters<Page['emulateMedia']>[0];
type Addresses = (user: User) => Record<string, string>;

const focusContent = async (page: Page) => {
  // As somebody does who skips the list of pages.
  for (const key of ['Tab', 'Enter', 'Tab']) await page.keyboard.press(key);
};

/** Where a list ends that has more than it shows. */
const goToMore = async (page: Page) => {
  const more = page.getByRole('button', { name: /^Show \d+ more$/ });
  if (await more.count()) await more.scrollIntoViewIfNeeded();
};

/** A look at the page as it is, by whoever has many executions. */
const LOOKS: { state: string; media?: Media; viewport?: typeof NARROW; reach?(page: Page): Promise<void> }[] = [
  { state: 'many rows', reach: goToMore },
  { state: 'dark', media: { colorScheme: 'dark' } },
  { state: 'forced colours', media: { forcedColors: 'active' } },
  { state: 'keyboard focus', reach: focusContent },
  { state: 'narrow', viewport: NARROW },
];

/** Chromium gives up now and then on a machine that does much else. */
async function screenshot(page: Page, tries = 4): Promise<Buffer> {
  try {
    return await page.screenshot();
  } catch (error) {
    if (tries === 1) throw error;
    await page.waitForTimeout(SETTLED_MS);
    return screenshot(page, tries - 1);
  }
}

/** Every page in every state, by its name. @param addresses Of the pages, as they are for a user. */
export async function takeStates(at: PageFixture, addresses: Addresses): Promise<Map<string, Tile[]>> {
  const sheets = new Map<string, Tile[]>();
  const take = async (page: Page, name: string, state: string) => {
    await shortenPaths(page);
    const picture = await screenshot(page);
    sheets.set(name, [...(sheets.get(name) ?? []), { state, picture }]);
  };
  const asUser = async (user: User, look: (page: Page, pages: [string, string][]) => Promise<void>) => {
    const { page, close } = await at.open('/', { user, colorScheme: 'light', viewport: WIDE });
    await look(page, Object.entries(addresses(user)));
    await close();
  };
  const visit = async (page: Page, path: string) => {
    await page.goto(at.url + path);
    await page.waitForTimeout(SETTLED_MS);
  };
  /** On a machine that does much else an answer takes its time. */
  const see = async (page: Page, path: string) => {
    await visit(page, path);
    await page.locator('h1').first().waitFor();
    const busy = page.locator('[aria-busy=true]').first();
    await busy.waitFor({ state: 'detached', timeout: ANSWERED_MS }).catch(() => {});
  };

  await asUser('linus', async (page, pages) => {
    for (const [name, path] of pages) {
      await see(page, path);
      await take(page, name, 'empty');
    }
  });
  await asUser('grace', async (page, pages) => {
    for (const [name, path] of pages) {
      await see(page, path);
      await take(page, name, 'one row');
    }
  });
  await asUser('ada', async (page, pages) => {
    for (const [name, path] of pages) {
      // Answers that never come, and then none at all.
      await page.route(CALLS, () => {});
      await visit(page, path);
      await take(page, name, 'loading');
      await page.unroute(CALLS);
      await page.route(CALLS, (route) => route.abort());
      await visit(page, path);
      // What may help is tried again first.
      await page
        .getByText(/could not be (loaded|read)/)
        .first()
        .waitFor({ timeout: 8_000 })
        .catch(() => {});
      await take(page, name, 'error');
      await page.unroute(CALLS);
    }
    for (const { state, media, viewport, reach } of LOOKS) {
      await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', ...media });
      await page.setViewportSize(viewport ?? WIDE);
      for (const [name, path] of pages) {
        await see(page, path);
        await reach?.(page);
        await take(page, name, state);
      }
    }
  });
  return sheets;
}
