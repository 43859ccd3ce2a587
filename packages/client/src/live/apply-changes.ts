import type { ExecutionFilter } from '@runledger/contracts/filter';
import { matchesFilter } from '@runledger/contracts/filter-match';
import type { ExecutionSummary, LiveChange } from './stream-source.ts';

interface Page {
  items: ExecutionSummary[];
}

/**
 * Pure: pages of a list after changes. Rows change in place and none moves; one that was deleted stays as it was last. Pages and
 * rows that did not change stay the same objects, so that nothing is drawn for nothing. An older revision than the row's own is dropped.
 */
export function applyChanges<P extends Page>(pages: P[], changes: readonly LiveChange[]): P[] {
  const changed = new Map(
    changes.flatMap((change) => ('execution' in change ? [[change.execution.id, change.execution] as const] : [])),
  );
  let isSame = true;
  const next = pages.map((page) => {
    let isSamePage = true;
    const items = page.items.map((row) => {
      const now = changed.get(row.id);
      if (!now || now.revision <= row.revision) return row;
      isSamePage = false;
      return now;
    });
    if (isSamePage) return page;
    isSame = false;
    return { ...page, items };
  });
  return isSame ? pages : next;
}

/** Pure: ids among the changes that a list with this filter would show and does not yet; `null` fits may only be known by reading. */
export function newcomers(
  filter: ExecutionFilter,
  pages: readonly Page[],
  changes: readonly LiveChange[],
): { ids: string[]; mayBeMore: boolean } {
  const shown = new Set(pages.flatMap(({ items }) => items.map(({ id }) => id)));
  const ids: string[] = [];
  let mayBeMore = false;
  for (const change of changes) {
    if (!('execution' in change) || shown.has(change.execution.id)) continue;
    const fits = matchesFilter(filter, change.execution);
    if (fits) ids.push(change.execution.id);
    if (fits === null) mayBeMore = true;
  }
  return { ids, mayBeMore };
}
