import { accessibilityFaults } from '@runledger/browser';
import { startTcpProxy } from '@runledger/local-stack';
import { expect, onTestFinished, test } from 'vitest';
import type { Scene } from './scene.ts';
import { AN_HOUR, settled, start, visit } from './scene.ts';

const LATER_MS = 600_000;
const YEAR_MS = 31_536_000_000;
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

  test('what Temporal keeps no more says so, and for how long it was kept; nothing leads there', async () => {
    const { completed } = scene();
    const page = await visit(scene(), `/executions/${completed}`);
    const outcome = page.getByRole('region', { name: 'Outcome' });
    await outcome.getByRole('link', { name: 'Temporal' }).waitFor();
    expect(await outcome.getByText(/^Temporal has forgotten/).count()).toBe(0);
    // A year on.
    await page.clock.setFixedTime(Date.now() + YEAR_MS);
    await page.reload();
    await outcome
      .getByText(/^Temporal has forgotten this run: the namespace keeps what has closed for \d+ (h|d)\./)
      .waitFor();
    expect(await outcome.getByRole('link', { name: 'Temporal' }).count()).toBe(0);
  });

  test('a minute after the connection was lost, the API says how something stands before anything is done with it', async () => {
    const { at } = scene();
    const proxy = await startTcpProxy({ target: new URL(at.url).host });
    const { page, close } = await at.open('/executions?status=running', { url: `http://${proxy.address}` });
    onTestFinished(async () => {
      await close();
      await proxy.stop();
    });
    const id = await start(scene(), 'transcodeVideo', { title: 'trailer', seconds: AN_HOUR });
    await page.goto(`http://${proxy.address}/executions/${id}`);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('heading', { level: 1, name: /^Running for/ }).waitFor();
    const dialog = page.getByRole('dialog');
    // Its script comes once the page has nothing else to do, which may be after the connection is gone.
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await dialog.getByRole('button', { name: 'Keep it running' }).click();
    proxy.cut();
    await page.getByText(/^Reconnecting since/).waitFor();
    const { client } = await at.as('ada');
    await client.execution.terminateExecution.mutate({ id, reason: 'nobody watches it' });
    // What is asked once is answered once: it has ended by then.
    const statusOf = async () => (await client.execution.getExecution.query({ id })).status;
    await expect.poll(statusOf).toBe('terminated');
    await page.clock.setFixedTime(Date.now() + LATER_MS);
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await dialog.getByText(/^This page is as of .*The API does not answer\. Nothing was done\.$/).waitFor();
    expect(await dialog.getByRole('button').allTextContents()).toEqual(['Close', 'Ask again']);
    proxy.restore();
    // What it was to be cancelled for has gone on without the page.
    await expect
      .poll(async () => {
        const again = dialog.getByRole('button', { name: 'Ask again' });
        if (await again.isEnabled({ timeout: 1_000 }).catch(() => false)) await again.click();
        return dialog.getByRole('heading').textContent();
      })
      .toBe('Nothing to cancel');
  });
}
