import { openChromium } from '@runledger/browser';
import { openPage } from './open-page.ts';

/** When a row first looked otherwise, in milliseconds since the epoch: the frame that shows it. */
interface ShownAt {
  id: string;
  at: number;
}

/** Runs in the page: notes the first frame in which the status of a row is another than it was. */
const NOTE_CHANGES = `(() => {
  const statusOf = (row) => row.querySelector('[data-column=status]')?.textContent ?? '';
  const rows = () => document.querySelectorAll('tr[data-id]');
  const first = new Map([...rows()].map((row) => [row.dataset.id, statusOf(row)]));
  const noted = new Set();
  globalThis.shownAt = [];
  const look = () => {
    const changed = [];
    for (const row of rows()) {
      const { id } = row.dataset;
      if (noted.has(id) || !first.has(id) || statusOf(row) === first.get(id)) continue;
      noted.add(id);
      changed.push(id);
    }
    if (changed.length > 0)
      requestAnimationFrame(() => {
        const at = Date.now();
        for (const id of changed) globalThis.shownAt.push({ id, at });
      });
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  return [...first.keys()];
})()`;

/** The list of executions in a real browser, whose rows are watched. */
export interface WatchedList extends AsyncDisposable {
  /** Opens the list anew. @returns the executions whose rows it shows */
  open(): Promise<string[]>;
  /** The rows that have changed since. */
  shown(): Promise<ShownAt[]>;
}

/** @param url Where the API serves the page. @param token Of the user whose list it is. */
export async function watchList(url: string, { id, token }: { id: string; token: string }): Promise<WatchedList> {
  const browser = await openChromium();
  const page = await openPage(browser, { id, token });
  return {
    async open() {
      await page.goto(`${url}/executions?status=running`);
      await page.locator('tr[data-id]').nth(20).waitFor();
      await page.getByText('Live', { exact: true }).first().waitFor();
      return page.evaluate(NOTE_CHANGES);
    },
    shown: () => page.evaluate('globalThis.shownAt'),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
