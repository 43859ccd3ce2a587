import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChromium } from '@runledger/browser';
import type { RunledgerClient } from '@runledger/client';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { LocalFile } from '../fixtures/demo-process.ts';
import { startDemo } from '../fixtures/demo-process.ts';
import { signInFrom } from '../fixtures/script-user.ts';

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
  stop(): Promise<void>;
}

export async function startPageFixture(): Promise<PageFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'runledger-page-'));
  const demo = await startDemo(folder, [], { RUNLEDGER_DEMO_RATE: '0' });
  const [local, browser] = await Promise.all([demo.ready(), openChromium()]);
  const as = (user: User) => signInFrom(local, [local.demoUsers[USERS.indexOf(user)]] as LocalFile['demoUsers']);
  const { client } = await as('ada');
  const { items } = await client.workflow.list.query();
  return {
    url: local.apiUrl,
    browser,
    as,
    workflows: Object.fromEntries(items.map(({ workflowType, id }) => [workflowType, id])),
    async open(path, { user = 'ada', url = local.apiUrl, ...options } = {}) {
      const context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, ...options });
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
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
