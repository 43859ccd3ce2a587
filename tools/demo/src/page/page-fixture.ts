import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChromium } from '@runledger/browser';
import type { RunledgerClient } from '@runledger/client';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { LocalFile } from '../fixtures/demo-process.ts';
import { startDemo } from '../fixtures/demo-process.ts';
import { signInFrom } from '../fixtures/script-user.ts';
import type { Secrets } from '../secrets.ts';

type User = 'ada' | 'grace' | 'linus';
const USERS: User[] = ['ada', 'grace', 'linus'];

/** A tab that a user has signed in to. */
export interface OpenPage {
  page: Page;
  /** What the browser complained about: refused scripts, errors, failed requests. */
  complaints: string[];
  close(): Promise<void>;
}

/** The whole product with the page, as `npm start` runs it, and a real browser. No traffic but that of the tests. */
export interface PageFixture {
  url: string;
  browser: Browser;
  /** The API as one of the demo's users. */
  as(
    user: User,
  ): Promise<{ client: RunledgerClient; run: (workflowId: string, input: unknown) => Promise<{ id: string }> }>;
  /** Ids of the demo's workflows by their types. */
  workflows: Record<string, string>;
  /** @param options.url Where the page is. Default: where the API is. */
  open(path: string, options?: BrowserContextOptions & { user?: User; url?: string }): Promise<OpenPage>;
  /** A tab of an operator, whose session the project’s auth server has given before. */
  openAsOperator(path: string): Promise<OpenPage>;
  stop(): Promise<void>;
}

export async function startPageFixture(): Promise<PageFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'runledger-page-'));
  const demo = await startDemo(folder, [], { RUNLEDGER_DEMO_RATE: '0' });
  const [local, browser] = await Promise.all([demo.ready(), openChromium()]);
  const as = (user: User) => signInFrom(local, [local.demoUsers[USERS.indexOf(user)]] as LocalFile['demoUsers']);
  const { client } = await as('ada');
  const { items } = await client.workflow.list.query();
  function watch(page: Page): string[] {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    return complaints;
  }
  return {
    url: local.apiUrl,
    browser,
    async openAsOperator(path) {
      const { keys } = JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8')) as Secrets;
      const user = { id: randomUUID(), email: 'olga@example.com', app_metadata: { runledger_role: 'operator' } };
      const expiresAt = Math.floor(Date.now() / 1_000) + 3_600;
      const claims = {
        sub: user.id,
        aud: 'authenticated',
        role: 'authenticated',
        exp: expiresAt,
        app_metadata: user.app_metadata,
      };
      const session = {
        access_token: tokenOf(claims, keys.jwtSecret),
        refresh_token: 'none',
        expires_at: expiresAt,
        expires_in: 3_600,
        token_type: 'bearer',
        user,
      };
      const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } });
      await context.addInitScript((text) => {
        (globalThis as unknown as { localStorage: Record<string, string> }).localStorage['runledger.session'] = text;
      }, JSON.stringify(session));
      const page = await context.newPage();
      const complaints = watch(page);
      await page.goto(local.apiUrl + path);
      await page.getByRole('banner').waitFor();
      return { page, complaints, close: () => context.close() };
    },
    as,
    workflows: Object.fromEntries(items.map(({ workflowType, id }) => [workflowType, id])),
    async open(path, { user = 'ada', url = local.apiUrl, ...options } = {}) {
      const context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, ...options });
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
      const page = await context.newPage();
      const complaints = watch(page);
      await page.goto(url + path);
      await page.getByRole('button', { name: `Continue as ${user}` }).click();
      await page.getByRole('banner').waitFor();
      return { page, complaints, close: () => context.close() };
    },
    async stop() {
      await browser.close();
      demo.kill('SIGTERM');
      await demo.ended();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As Supabase Auth signs it with a shared secret. */
function tokenOf(claims: object, secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
