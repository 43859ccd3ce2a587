import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { visit } from './scene.ts';

/** Whether it is one, or everything of its kind. */
export function knowOthersLikeIt(scene: () => Scene, prepared: () => Promise<unknown>): void {
  test('of one that is stuck: how many of its workflow are, which those are, and the command that a replay begins with', async () => {
    await prepared();
    const page = await visit(scene(), '/executions?health=wedged', { user: 'linus' });
    const stuck = page.locator('tr[data-id]').first();
    const id = (await stuck.getAttribute('data-id')) as string;
    await stuck.locator('a[data-open]').click();
    const outcome = page.getByRole('region', { name: 'Outcome' });
    await outcome.getByText(/^\d+ of Order (is|are) wedged now, it (alone|among them)\.$/).waitFor();
    await outcome.getByRole('button', { name: 'Copy replay command' }).click();
    await outcome.getByRole('button', { name: 'Copied' }).waitFor();
    const { client } = await scene().at.as('linus');
    const { temporalNamespace, temporalWorkflowId, currentRunId } = await client.execution.getExecution.query({ id });
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      `temporal workflow show --namespace ${temporalNamespace} --workflow-id ${temporalWorkflowId} --run-id ${currentRunId} --output json > history.json`,
    );
    const alike = outcome.locator('a.figure');
    const count = Number(await alike.textContent());
    await alike.click();
    await expect.poll(() => page.locator('tr[data-id]').count()).toBe(count);
    expect(await page.locator(`tr[data-id="${id}"]`).count()).toBe(1);
  });
}
