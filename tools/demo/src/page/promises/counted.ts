import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { visit } from './scene.ts';

/** As far as lists are counted. */
const COUNTED = 1_000;

/** How exact a count is, said wherever it stands. */
export function sayHowExact(scene: () => Scene): void {
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
