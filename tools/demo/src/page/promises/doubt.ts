import { accessibilityFaults } from '@runledger/browser';
import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { settled, visit } from './scene.ts';

const LATER_MS = 600_000;
const PAGES = ['/', '/executions', '/failures', '/workflows'];

/** What the page says where it is not sure. */
export function sayDoubts(scene: () => Scene, prepared: () => Promise<unknown>): void {
  test('every page says when Temporal has not been asked, and open rows say as of when they are', async () => {
    await prepared();
    const page = await visit(scene(), '/', { user: 'linus' });
    const bar = page.getByRole('status').filter({ hasText: /^Temporal has not been asked since/ });
    await settled(page);
    expect(await bar.count()).toBe(0);
    // Ten minutes on, nothing newer has been heard.
    await page.clock.setFixedTime(Date.now() + LATER_MS);
    for (const path of PAGES) {
      await page.goto(scene().at.url + path);
      await settled(page);
      await bar.getByText('may be behind; ended ones stand.').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
    }
    await bar.getByRole('link', { name: /^\d+ open executions?$/ }).click();
    await page
      .locator('tr[data-id]')
      .getByText(/^As of /)
      .first()
      .waitFor();
    await bar.getByRole('link', { name: 'See why' }).click();
    await page.getByRole('heading', { level: 1, name: 'How sure the ledger is' }).waitFor();
    expect(await bar.count()).toBe(0);
  });
}
