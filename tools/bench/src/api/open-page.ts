import type { Browser, Page } from 'playwright-core';

/** A new browser's tab, as nobody has used it before, in which a user has signed in to the page. */
export async function openPage(browser: Browser, { id, token }: { id: string; token: string }): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } });
  const page = await context.newPage();
  const user = { id, email: 'bench@example.com', app_metadata: {} };
  const expiresAt = Math.floor(Date.now() / 1_000) + 7_200;
  const session = { access_token: token, refresh_token: 'none', expires_at: expiresAt, token_type: 'bearer', user };
  // As the page keeps what Supabase Auth gave at the sign-in.
  await page.addInitScript(`localStorage.setItem('runledger.session', ${JSON.stringify(JSON.stringify(session))})`);
  return page;
}
