import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { User } from '../page-fixture.ts';
import type { Scene } from './scene.ts';
import { AN_HOUR, row, settled, start, visit } from './scene.ts';

/** What somebody asks at three in the morning, and how many clicks the answer may be away. */
interface Question {
  question: string;
  clicks: number;
  /** Where they are. */
  from: string;
  /** Who asks. Default: linus. */
  user?: User;
  answer(page: Page, scene: Scene): Promise<void>;
}

/** Runs in the page: counts what a person does there, whatever a test calls. */
const COUNT = `(() => {
  globalThis.clicks = 0;
  addEventListener('click', ({ isTrusted }) => { if (isTrusted) globalThis.clicks++; }, true);
  addEventListener('keydown', ({ key, target }) => { if (key === 'Enter' && target.matches('input')) globalThis.clicks++; }, true);
})()`;

const REASON = 'duplicate of customer 8831';
const link = (page: Page, name: RegExp) => page.getByRole('link', { name });
const region = (page: Page, name: string) => page.getByRole('region', { name });

const QUESTIONS: Question[] = [
  {
    question: 'Is anything wrong now?',
    clicks: 0,
    from: '/',
    async answer(page) {
      await page.getByRole('heading', { level: 1, name: /ended and \d.* failed/ }).waitFor();
      await region(page, 'Open now').getByText('Wedged', { exact: true }).first().waitFor();
      await region(page, 'Matches Temporal').waitFor();
    },
  },
  {
    question: 'Which users were hit by the declined credits in the last hour?',
    clicks: 3,
    // Whom else a failure hits is the owner’s to know.
    user: 'ada',
    from: '/',
    async answer(page) {
      await page.getByRole('button', { name: /^Window/ }).click();
      await page.getByRole('button', { name: 'last hour' }).click();
      await region(page, 'Why executions fail')
        .getByRole('link', { name: /the score of Alan does not carry/ })
        .click();
      for (const user of ['ada', 'grace']) await region(page, 'Users hit').getByText(user).waitFor();
      expect(new URL(page.url()).searchParams.get('from')).not.toBeNull();
    },
  },
  {
    question: 'Why did this customer’s credit check fail? (they sent an id)',
    clicks: 1,
    user: 'ada',
    from: '/',
    async answer(page, { failed }) {
      await page.keyboard.press('Control+k');
      await page.locator('dialog input:focus').waitFor();
      await page.keyboard.insertText(failed);
      await page.getByRole('option', { name: /Credit check/ }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: /The score of Alan does not carry 250000/ }).waitFor();
    },
  },
  {
    question: 'Did it charge the card before it failed?',
    clicks: 2,
    from: '/executions?status=failed',
    async answer(page) {
      await link(page, /^Order$/)
        .first()
        .click();
      await page.getByRole('button', { name: /chargeCard/ }).click();
      const step = region(page, 'chargeCard');
      await step.getByText('Completed', { exact: true }).waitFor();
      await step.getByText('3', { exact: true }).waitFor();
      await page.getByRole('heading', { name: /Nobody approved 12 × rye loaf/ }).waitFor();
    },
  },
  {
    question: 'Is this page telling the truth, or is the monitor behind?',
    clicks: 1,
    from: '/executions',
    async answer(page) {
      await link(page, /^Matches Temporal/).click();
      await page.getByText('Oldest check', { exact: true }).waitFor();
      await page.getByText('follows what is open').waitFor();
    },
  },
  {
    question: 'Since when, and which are those?',
    clicks: 2,
    // The owner reads figures of all users, and lists of their own.
    user: 'grace',
    from: '/workflows/WORKFLOW?from=-24h',
    async answer(page) {
      const bars = region(page, 'Run time and outcomes').getByRole('slider');
      const box = await bars.boundingBox();
      if (!box) throw new Error('There are no bars.');
      await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width - 1, box.y + 20, { steps: 4 });
      await page.mouse.up();
      const chosen = page.getByRole('status').filter({ hasText: 'failed' });
      const [, count] = /:\s*(\d+) execution/.exec((await chosen.textContent()) ?? '') ?? [];
      await chosen.getByRole('link', { name: 'Show these' }).click();
      await expect.poll(() => page.locator('tr[data-id]').count()).toBe(Number(count));
    },
  },
  {
    question: 'What is stuck, and may I restart it?',
    clicks: 2,
    from: '/',
    async answer(page) {
      await region(page, 'Open now')
        .getByRole('definition')
        .filter({ has: page.locator('a[href*="health=wedged"]') })
        .getByRole('link')
        .click();
      const stuck = page.locator('tr[data-id]').first();
      await stuck.getByText(/^Its workflow task has failed \d+ times.*neverDeployed/).waitFor();
      await stuck.locator('a[data-open]').click();
      await page.getByText(/^Safe to do:/).waitFor();
      await region(page, 'Outcome')
        .getByText(/neverDeployed/)
        .first()
        .waitFor();
      await region(page, 'Steps').getByRole('button', { name: 'workflow task workflow code' }).waitFor();
      // Code that throws hears of no request to stop.
      await region(page, 'Outcome').getByRole('button', { name: 'Terminate…' }).waitFor();
    },
  },
  {
    question: 'Who terminated this, and why?',
    clicks: 1,
    from: '/executions?status=terminated',
    async answer(page) {
      const one = page.locator('tr[data-id]').filter({ hasText: `Terminated by you: ${REASON}` });
      await one.getByRole('link').first().click();
      await page.getByRole('heading', { level: 1, name: `Terminated by you: ${REASON}` }).waitFor();
      await region(page, 'What the ledger saw')
        .getByText(/Temporal says so/)
        .last()
        .waitFor();
    },
  },
  {
    question: 'What was different the last time it worked?',
    clicks: 1,
    user: 'ada',
    from: '/executions?status=failed',
    async answer(page, { failed }) {
      await row(page, failed).getByRole('link').first().click();
      await region(page, 'Against the last success').getByText('They part at scoreApplicant.').waitFor();
    },
  },
  {
    question: 'Can I run all of these again, and only those?',
    clicks: 3,
    from: '/',
    async answer(page, { at }) {
      await region(page, 'Why executions fail')
        .getByRole('link', { name: /Nobody approved/ })
        .click();
      await page.getByRole('button', { name: /^Rerun/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('There is 1.').waitFor();
      await dialog.getByRole('button', { name: 'Rerun 1' }).click();
      const again = dialog.getByRole('link', { name: /^runs as …/ });
      await again.waitFor();
      const id = (await again.getAttribute('href'))?.split('/').at(-1) as string;
      const { client } = await at.as('linus');
      const { input } = await client.execution.getExecution.query({ id });
      expect(input).toEqual({ item: 'rye loaf', quantity: 12, approveWithinSeconds: 1 });
    },
  },
];

/** Ten questions, each answered by real clicks, which are counted. */
export function askTenQuestions(scene: () => Scene, prepared: () => Promise<unknown>): void {
  describe('at three in the morning', () => {
    test.each(QUESTIONS)('$question ($clicks clicks)', async ({ from, clicks, answer, user = 'linus' }) => {
      await prepared();
      const { at } = scene();
      const page = await visit(scene(), from.replace('WORKFLOW', at.workflows.creditCheck as string), { user });
      await settled(page);
      await page.evaluate(COUNT);
      await answer(page, scene());
      expect(await page.evaluate('globalThis.clicks')).toBe(clicks);
    });
  });
}

/** What the questions are about: declined credits of two users, an order without its approval, one terminated, one that is stuck. */
export async function prepareQuestions(scene: Scene): Promise<void> {
  const { at } = scene;
  // Not ada’s: tests of what she sees go on meanwhile.
  const [linus, grace] = [await at.as('linus'), await at.as('grace')];
  const stuck = at.startStuck('linus');
  await grace.run(at.workflows.creditCheck as string, { applicant: 'Alan', amount: 250_000 });
  await linus.run(at.workflows.order as string, { item: 'rye loaf', quantity: 12, approveWithinSeconds: 1 });
  const id = await start(scene, 'transcodeVideo', { title: 'trailer', seconds: AN_HOUR }, 'linus');
  await expect.poll(async () => (await linus.client.execution.getExecution.query({ id })).status).toBe('running');
  await linus.client.execution.terminateExecution.mutate({ id, reason: REASON });
  const stuckId = await stuck;
  await expect
    .poll(async () => (await linus.client.execution.getExecution.query({ id: stuckId })).health?.health)
    .toBe('wedged');
}
