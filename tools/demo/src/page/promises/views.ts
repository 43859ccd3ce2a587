import type { Page } from 'playwright-core';
import type { Scene } from './scene.ts';

/** A page, or a state of one. */
export interface View {
  name: string;
  path: string;
  /** What somebody does, or what happens, until it is in that state. */
  reach?(page: Page, scene: Scene): Promise<unknown>;
  /** Undoes what outlasts the page. */
  leave?(page: Page): Promise<unknown>;
}

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

const selectFirst = async (page: Page) => {
  await page.locator('tr[data-id] input[type=checkbox]').first().check();
  await page.getByText('1 selected').waitFor();
};

/** Every page, and every state that looks otherwise. */
export const viewsOf = ({ at, failed, open }: Scene): View[] => [
  { name: 'overview', path: '/' },
  { name: 'executions', path: '/executions' },
  { name: 'failed execution', path: `/executions/${failed}` },
  { name: 'open execution', path: `/executions/${open}` },
  { name: 'failures', path: '/failures' },
  {
    name: 'a kind of failure',
    path: '/failures',
    reach: async (page) => {
      await page.getByRole('rowheader').getByRole('link').first().click();
      await page.getByRole('region', { name: 'What happened' }).waitFor();
    },
  },
  { name: 'workflows', path: '/workflows' },
  { name: 'workflow', path: `/workflows/${at.workflows.order}` },
  { name: 'start', path: `/workflows/${at.workflows.order}/start` },
  {
    name: 'start, wrong',
    path: `/workflows/${at.workflows.order}/start`,
    reach: async (page) => {
      await page.getByLabel('quantity').fill('0');
      await button(page, 'Start').click();
      await page.locator('.error-detail').first().waitFor();
    },
  },
  { name: 'proof', path: '/system' },
  { name: 'not there', path: '/no/such/page' },
  { name: 'nothing found', path: '/executions?tag=nobody-has-this' },
  { name: 'unknown filter', path: '/executions?colour=red' },
  { name: 'selected', path: '/executions', reach: selectFirst },
  {
    name: 'dialog',
    path: '/executions',
    reach: async (page) => {
      await selectFirst(page);
      await button(page, 'Cancel…').click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'go to',
    path: '/workflows',
    reach: async (page) => {
      await page.keyboard.press('Control+k');
      await page.locator('dialog input:focus').waitFor();
      await page.keyboard.insertText('order');
      await page.getByRole('option', { name: 'Order' }).first().waitFor();
    },
  },
  {
    name: 'keys',
    path: '/workflows',
    reach: async (page) => {
      await page.keyboard.press('Shift+?');
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'menu', path: '/', reach: (page) => button(page, /^Window/).click() },
  {
    name: 'bars as a table',
    path: '/executions',
    reach: (page) => button(page, 'As a table').click(),
  },
  {
    name: 'could not be loaded',
    path: '/executions',
    reach: async (page) => {
      await page.route(/listExecutions/, (route) => route.abort());
      await page.reload();
      await page.getByText('could not be loaded').waitFor();
    },
    leave: (page) => page.unroute(/listExecutions/),
  },
];
