import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { visit } from './scene.ts';

/** What whoever runs it tells of its progress. */
export function tellHowFar(scene: () => Scene): void {
  test('how far an execution is goes on as it is reported, and stays as it was reported last', async () => {
    const { at } = scene();
    const { userId } = await at.as('grace');
    const [id = ''] = await at.record(userId, 1);
    await at.report(id, { step: 1, steps: 4, message: 'packing' });
    const page = await visit(scene(), `/executions/${id}`, { user: 'grace' });
    const bar = page.getByRole('progressbar', { name: 'Progress', exact: true });
    const now = () => bar.getAttribute('aria-valuenow');
    await expect.poll(now).toBe('25');
    await page.getByText('packing, step 1 of 4').waitFor();
    await at.report(id, { step: 3, steps: 4, message: 'shipping' });
    await expect.poll(now).toBe('75');
    await page.getByText('shipping, step 3 of 4').waitFor();
    await at.fail(id, 'the van broke down');
    await page.getByRole('heading', { level: 1, name: /the van broke down/i }).waitFor();
    await page.getByText(/as last reported$/).waitFor();
    expect(await now()).toBe('75');
  });
}
