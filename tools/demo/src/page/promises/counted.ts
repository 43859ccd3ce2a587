import { expect, onTestFinished, test } from 'vitest';
import type { Scene } from './scene.ts';
import { AN_HOUR, row, settled, start, visit } from './scene.ts';

/** As far as lists are counted. */
const COUNTED = 1_000;

/** How exact a count is, said wherever it stands. */
export function sayHowExact(scene: () => Scene): void {
  test('what is compared with Temporal is counted without what runs beside it, and leads to exactly those', async () => {
    const { at } = scene();
    const user = { email: 'beside@example.com', password: 'a long enough password' };
    const userId = await at.signUp(user);
    await at.record(userId, 3);
    const page = await visit(scene(), '/', { user });
    const proof = page.getByRole('region', { name: 'Matches Temporal' });
    await proof.getByText('open executions').waitFor();
    expect(await proof.locator('.figure').textContent()).toBe('0');
    await page.goto(`${at.url}/system`);
    await page.getByRole('main').getByRole('link', { name: '0 open' }).click();
    await page.getByText(/^None of 3 match/).waitFor();
  });

  test('an operator who looks at everybody’s executions is told how all of them are followed', async () => {
    const { at } = scene();
    const id = await start(scene(), 'transcodeVideo', { title: 'of somebody else', seconds: AN_HOUR });
    const { page, complaints, close } = await at.openAsOperator('/');
    onTestFinished(close);
    const chip = page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: /^Matches Temporal/ });
    await expect
      .poll(() => chip.textContent())
      .toMatch(/^Matches Temporal0 of [1-9]\d* open executions? differ\. Oldest check/);
    const proof = page.getByRole('region', { name: 'Matches Temporal' });
    const compared = proof.getByRole('link', { name: /^[1-9]\d*$/ });
    await compared.waitFor();
    await compared.click();
    await row(page, id).waitFor();
    await page.goto(`${at.url}/system`);
    // The figures of their own are none of the lists that are shown.
    await settled(page);
    expect(
      await page
        .getByRole('region', { name: /^Your executions/ })
        .getByRole('link')
        .count(),
    ).toBe(0);
    await page.goto(`${at.url}/workflows`);
    const workflow = page.getByRole('row', { name: /^Transcode video/ });
    const count = Number(await workflow.locator('a.figure').textContent());
    expect(count).toBeGreaterThan(0);
    await workflow.locator('.rl-mark').first().waitFor();
    expect(complaints).toEqual([]);
    await (await at.as('ada')).client.execution.cancelExecution.mutate({ id });
  });

  test('what has ended by a report that nobody has confirmed yet is not called open', async () => {
    const { at } = scene();
    const user = { email: 'reported@example.com', password: 'a long enough password' };
    const userId = await at.signUp(user);
    await at.record(userId, 2);
    // Of a namespace that nobody follows.
    const [id = ''] = await at.record(userId, 1, {
      ...{ engine: 'temporal', temporal_namespace: 'elsewhere' },
      ...{ temporal_workflow_id: 'order-1', temporal_run_id: 'run-1' },
    });
    await at.fail(id, 'declined');
    const page = await visit(scene(), '/', { user });
    const open = page.getByRole('region', { name: 'Open now' });
    await open.getByText('Of these reported as ended, to be confirmed').waitFor();
    await open.getByRole('link', { name: '2', exact: true }).click();
    await expect.poll(() => page.getByRole('main').locator('.figure').first().textContent()).toBe('2');
    const rows = page.getByRole('main').getByRole('row', { name: /Running/ });
    await expect.poll(() => rows.count()).toBe(2);
  });

  test('a count that ends at a limit says so: at least 1,000', async () => {
    const { at } = scene();
    const user = { email: 'many@example.com', password: 'a long enough password' };
    const userId = await at.signUp(user);
    await at.record(userId, COUNTED - 1, { tags: ['few', 'some', 'all'] });
    await at.record(userId, 1, { tags: ['some', 'all'] });
    await at.record(userId, 1, { tags: ['all'] });

    const page = await visit(scene(), '/executions?tag=few', { user });
    const count = page.getByRole('main').locator('.figure').first();
    const words = page.locator('.exactness');
    const told = async (tag: string, shown: string, said: RegExp) => {
      await page.goto(`${at.url}/executions?tag=${tag}`);
      await expect.poll(() => count.textContent()).toBe(shown);
      await expect.poll(() => words.textContent()).toMatch(said);
      expect(await count.getAttribute('title')).toMatch(said);
    };
    await told('few', '999', /^exact, as of /);
    await told('some', '1,000', /^exact, as of /);
    await told('all', '1,000+', /^at least 1,000, as of /);
    await page.goto(`${at.url}/executions?tag=all&status=failed`);
    // All of a user's are counted as they come.
    await page.getByText('None of 1,001 match').waitFor();
    await page.getByRole('button', { name: 'Drop “status Failed” (1,000+ match)' }).click();
    await expect.poll(() => count.textContent()).toBe('1,000+');
  });
}
