import { expect, test } from 'vitest';
import type { Scene } from './scene.ts';
import { visit } from './scene.ts';

const ROWS = 500;
const PAGE_ROWS = 100;
const ENDS = 20;
/** Of one row: its status, how it stands, how long it took, and that it has changed and does not fit any more. */
const MOST_WRITES = 20;
/** Of one row: with the change, when it no longer fits, and when its tint goes; told twice, where the list is read meanwhile. */
const MOST_DRAWN = 6;

/** Runs in the page: which rows are written anew, how often, and how many are added or taken away. */
const WATCH = `(() => {
  globalThis.touched = new Map();
  globalThis.moved = 0;
  new MutationObserver((records) => {
    for (const { target, addedNodes, removedNodes } of records) {
      const element = target.nodeType === 1 ? target : target.parentElement;
      const row = element?.closest('tr[data-id]');
      if (row) touched.set(row.dataset.id, (touched.get(row.dataset.id) ?? 0) + 1);
      for (const node of [...addedNodes, ...removedNodes]) if (node.nodeName === 'TR') globalThis.moved += 1;
    }
  }).observe(document.querySelector('table.executions'), { subtree: true, childList: true, characterData: true, attributes: true });
})()`;

/**
 * Runs before the page: how often React draws a row, told by what React tells its developer tools of each commit. What it has not
 * drawn anew it shares with the tree before; of what it looked at, the flag 1 says that it was drawn.
 */
const COUNT_DRAWN = `(() => {
  globalThis.drawn = 0;
  const look = (now, before) => {
    if (before && now.child === before.child) return;
    for (let child = now.child; child; child = child.sibling) {
      const props = child.memoizedProps;
      if (props?.row?.id && props.columns && child.flags & 1) globalThis.drawn += 1;
      look(child, child.alternate);
    }
  };
  globalThis.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    supportsFiber: true,
    inject: () => 1,
    onCommitFiberRoot: (_, root) => look(root.current, root.current.alternate),
    onCommitFiberUnmount() {},
    onPostCommitFiberRoot() {},
  };
})()`;

/** What a quick answer rests on, whatever the machine is: see the benchmark `page` for the times. */
export function changeOnlyWhatChanged(scene: () => Scene): void {
  test('20 changes among 500 rows draw and write those 20, a few times each, and no other; none comes or goes', async () => {
    const { at } = scene();
    const { userId } = await at.as('grace');
    await at.record(userId, ROWS);
    const page = await visit(scene(), '/executions?status=running', { user: 'grace' });
    await page.addInitScript(COUNT_DRAWN);
    // What goes on with the clock is another matter.
    await page.clock.setFixedTime(new Date());
    await page.reload();
    const rows = page.locator('tr[data-id]');
    for (let shown = PAGE_ROWS; shown < ROWS; shown += PAGE_ROWS) {
      await expect.poll(() => rows.count()).toBe(shown);
      await page.getByRole('button', { name: `Show ${PAGE_ROWS} more` }).click();
    }
    await expect.poll(() => rows.count()).toBe(ROWS);
    const ids = await rows.evaluateAll((all) =>
      all.map((row) => (row as unknown as { dataset: { id: string } }).dataset.id),
    );
    expect(await page.evaluate('drawn')).toBeGreaterThanOrEqual(ROWS);
    // What moves all the time has the whole list painted all the time.
    await expect.poll(() => page.evaluate('document.getAnimations().length')).toBe(0);
    await page.evaluate(`drawn = 0; ${WATCH}`);

    // All over the list.
    const ended = ids.filter((_, index) => index % (ROWS / ENDS) === 0);
    for (const id of ended) await at.finish(id);
    await expect.poll(() => page.locator('tr[data-dimmed]').count()).toBe(ENDS);
    await expect.poll(() => page.locator('tr.changed').count()).toBe(0);
    const touched = await page.evaluate<[id: string, times: number][]>('[...touched]');
    expect(touched.map(([id]) => id).toSorted()).toEqual(ended.toSorted());
    expect(Math.max(...touched.map(([, times]) => times))).toBeLessThanOrEqual(MOST_WRITES);
    expect(await page.evaluate('moved')).toBe(0);
    expect(await page.evaluate('drawn')).toBeGreaterThanOrEqual(ENDS);
    expect(await page.evaluate('drawn')).toBeLessThanOrEqual(ENDS * MOST_DRAWN);
  });
}
