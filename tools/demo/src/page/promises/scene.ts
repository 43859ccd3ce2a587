import type { Locator, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { OpenPage, PageFixture, User } from '../page-fixture.ts';

/** What the tests of the page look at: the whole product, and executions of ada's on it. */
export interface Scene {
  at: PageFixture;
  /** A credit check that failed. */
  failed: string;
  /** An order that completed. */
  completed: string;
  /** A video that is being transcoded for as long as the tests take. */
  open: string;
}

/** Of a video: it is open for as long as any machine takes for these tests. In seconds. */
export const AN_HOUR = 3_600;

/** A tab of its own; whatever the browser complains about fails the test. */
export async function visit(
  { at }: Scene,
  path: string,
  options: Parameters<PageFixture['open']>[1] = {},
): Promise<Page> {
  const opened: OpenPage = await at.open(path, options);
  onTestFinished(async () => {
    await opened.close();
    expect(opened.complaints).toEqual([]);
  });
  return opened.page;
}

/** Starts one of the demo's workflows. @param workflow Its type. */
export async function start({ at }: Scene, workflow: string, input: object, user: User = 'ada'): Promise<string> {
  const { client } = await at.as(user);
  const { id } = await client.execution.createExecution.mutate({
    workflowId: at.workflows[workflow] as string,
    input: input as never,
  });
  return id;
}

export const row = (page: Page, id: string): Locator => page.locator(`tr[data-id="${id}"]`);

/** Everything that the page reads has been read. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0);
}
