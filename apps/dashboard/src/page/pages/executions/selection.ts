import { useEffect, useState } from 'react';

const KEY = 'runledger.selected';

interface Kept {
  /** Of the browser's history. */
  entry: string;
  selected: string[];
  current: string | null;
}

const entry = () => (history.state as { entry?: string } | null)?.entry;

/** What was selected of a list when it was left last, where this is the same entry of the history: whoever opens it anew begins anew. */
function readKept(): Partial<Kept> {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Kept>;
  return kept.entry === entry() ? kept : {};
}

function keep(kept: Omit<Kept, 'entry'>): void {
  // Once for an entry: browsers refuse many changes of their history in a short time.
  if (!entry()) history.replaceState({ ...history.state, entry: `${Date.now()}` }, '');
  sessionStorage.setItem(KEY, JSON.stringify({ entry: entry(), ...kept }));
}

/**
 * Rows that are selected, and the one that keys act on. What is no longer shown stays selected until it is cleared, and whoever comes
 * back to a list finds it so. @param search Of the address.
 */
export function useSelection(rows: readonly { id: string }[], search: string) {
  const [kept] = useState(readKept);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(kept.selected));
  const [current, setCurrent] = useState(kept.current ?? null);
  useEffect(() => keep({ selected: [...selected], current }), [search, selected, current]);
  /** Where a range begins: the row that was chosen last. */
  const [anchor, setAnchor] = useState<string | null>(null);
  const ids = rows.map(({ id }) => id);

  function range(to: string): string[] {
    const [from, until] = [ids.indexOf(anchor ?? to), ids.indexOf(to)];
    return from === -1 || until === -1 ? [to] : ids.slice(Math.min(from, until), Math.max(from, until) + 1);
  }
  return {
    selected,
    current,
    move(step: 1 | -1) {
      const index = current === null ? -1 : ids.indexOf(current);
      const next = ids[index === -1 && step === -1 ? 0 : Math.max(0, Math.min(ids.length - 1, index + step))];
      if (next !== undefined) setCurrent(next);
    },
    toggle(id: string, isRange: boolean) {
      setSelected((before) => {
        const next = new Set(before);
        if (isRange) for (const one of range(id)) next.add(one);
        else if (!next.delete(id)) next.add(id);
        return next;
      });
      setCurrent(id);
      setAnchor(id);
    },
    selectAll(isSelected: boolean) {
      setSelected(new Set(isSelected ? ids : []));
    },
    clear() {
      setSelected(new Set());
      setAnchor(null);
      (document.activeElement as HTMLElement | null)?.blur?.();
    },
  };
}
