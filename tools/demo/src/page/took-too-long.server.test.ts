/** What the page does where the database gives up on what it is asked: a real Postgres, whose executions somebody else has locked. */
import { accessibilityFaults, openChromium } from '@runledger/browser';
import { connectSupabase, createExecutionService, createWorkflowService } from '@runledger/execution-service';
import type { LocalSupabase, TestDatabase } from '@runledger/local-stack';
import { createTestDatabase, startSupabase, startTestTemporal } from '@runledger/local-stack';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Site } from './site.ts';
import { startSite } from './site.ts';

const ADA = { email: 'ada@example.com', password: 'a long enough password' };
/** Hosted projects give a statement of a user's 8 s. */
const LIMIT_MS = 400;

let database: TestDatabase;
let supabase: LocalSupabase;
let site: Site;
let browser: Browser;
let page: Page;
let failed: { id: string; workflowId: string; failureGroup: string };

beforeAll(async () => {
  // Each statement that is given up is told.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  database = await createTestDatabase('postgres-17');
  supabase = await startSupabase({ database: { kind: 'postgres', url: database.url as string } });
  const asService = connectSupabase({ url: supabase.url, key: supabase.serviceRoleKey });
  const { id: userId } = await supabase.createUser(ADA);
  const order = { name: 'Order', description: '', workflowType: 'order', taskQueue: 'orders' };
  const { id: workflowId } = await createWorkflowService(asService).createWorkflow(userId, order);
  const service = createExecutionService(asService);
  const { id } = await service.createExecution({ workflowId, userId });
  await service.markFailed(id, new Error('Card declined'), 1_000);
  const [row] = await database.query<{ failureGroup: string }>(
    'select failure_group as "failureGroup" from runledger.workflow_executions where id = $1',
    [id],
  );
  failed = { id, workflowId, failureGroup: row?.failureGroup ?? '' };
  await database.exec(`do $$ declare role text; begin
    foreach role in array array['authenticated', 'service_role'] loop
      execute format('alter role %I in database %I set statement_timeout = ''${LIMIT_MS}ms''', role, current_database());
    end loop; end $$`);
  await supabase.reloadSchema();
  const { address: temporalAddress } = await startTestTemporal();
  site = await startSite(
    {
      ...{
        supabaseUrl: supabase.url,
        supabaseAnonKey: supabase.anonKey,
        temporalAddress,
        temporalNamespace: 'default',
      },
      ...{ supabaseServiceRoleKey: supabase.serviceRoleKey, demoUsers: [ADA] },
    },
    supabase.jwtSecret,
    { folder: '', variables: {} },
  );
  browser = await openChromium();
  page = await browser.newPage({ viewport: { width: 1_280, height: 800 } });
  await page.goto(site.url);
  await page.getByRole('button', { name: 'Continue as ada' }).click();
  await page.getByRole('heading', { level: 1 }).getByRole('link').first().waitFor();
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
  await supabase?.stop();
  await database?.close();
});

/** Nobody reads executions until it is disposed of. */
async function lock(): Promise<AsyncDisposable> {
  const isLocked = Promise.withResolvers<void>();
  const mayGo = Promise.withResolvers<void>();
  const transaction = database.transaction(async (session) => {
    await session.exec('lock table runledger.workflow_executions in access exclusive mode');
    isLocked.resolve();
    await mayGo.promise;
  });
  await Promise.race([isLocked.promise, transaction]);
  return {
    async [Symbol.asyncDispose]() {
      mayGo.resolve();
      await transaction;
    },
  };
}

const row = () => page.locator(`tr[data-id="${failed.id}"]`);

test('a list that takes the database too long offers shorter windows, and each asks again', async () => {
  await page.goto(`${site.url}/executions?from=-7d&status=failed`);
  await row().waitFor();
  {
    await using _ = await lock();
    await page.goto(`${site.url}/executions?from=-7d&status=failed`);
    await page
      .getByText('To look through all of this takes too long. Add a workflow, or choose a shorter window.')
      .waitFor();
    await expect
      .poll(() => page.getByRole('button', { name: /^Last / }).allTextContents())
      .toEqual(['Last 24 hours', 'Last hour']);
    // The rest of the page stands.
    await page.getByRole('button', { name: /^Remove Status/ }).waitFor();
    await page.getByRole('button', { name: 'Last hour' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('from')).toBe('-1h');
    // None is shorter.
    await page.getByText('To look through all of this takes too long').waitFor();
    await expect.poll(() => page.getByRole('button', { name: /^Last / }).count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
  }
  // It was asked for again all the time.
  await row().waitFor();
  expect(await page.getByText('takes too long').count()).toBe(0);
});

const kind = () => page.getByRole('rowheader', { name: /Card declined/ });

test.each([
  ['the overview', () => '/', 'The failures', 'getFailureGroups', kind],
  ['failures', () => '/failures', 'The failures', 'getFailureGroups', kind],
  ['a kind of failure', () => `/failures/${failed.failureGroup}`, 'The executions', 'listExecutions', row],
  ['a workflow', () => `/workflows/${failed.workflowId}`, 'The failures', 'getFailureGroups', kind],
  [
    'an execution',
    () => `/executions/${failed.id}`,
    'The execution',
    'getExecution',
    () => page.getByRole('heading', { level: 1, name: /^Card declined/ }),
  ],
])('%s says so while it is tried again, and is there once it can be read', async (_, path, what, procedure, there) => {
  {
    await using _ = await lock();
    await page.goto(site.url + path());
    const told = page.getByRole('alert').filter({ hasText: `${what} could not be loaded` });
    await told.getByText(/^The database took too long for this\. Ask for less: /).waitFor();
    await page.waitForRequest((request) => request.url().includes(procedure));
    expect(await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').count()).toBeGreaterThan(4);
    expect(await accessibilityFaults(page)).toEqual([]);
  }
  await there().waitFor();
});
