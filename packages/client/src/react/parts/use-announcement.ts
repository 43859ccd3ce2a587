import { useEffect, useRef, useState } from 'react';
import type { ExecutionSummary, LiveChange } from '../../live/stream-source.ts';
import { useLiveEvents } from '../use-live.ts';
import { useWords } from '../words/use-words.tsx';

/** Whoever hears a page is told no more often than this, in milliseconds. */
const APART_MS = 10_000;

/** Pure: what of changes is news for who sees these rows. A stream that begins may tell once more what they show already. */
export const newsOf = (rows: readonly AnnouncedRow[], changes: readonly LiveChange[]): ExecutionSummary[] =>
  changes.flatMap((change) => {
    if (!('execution' in change)) return [];
    const row = rows.find(({ id }) => id === change.execution.id);
    return row && change.execution.revision > row.revision ? [change.execution] : [];
  });

type AnnouncedRow = Pick<ExecutionSummary, 'id' | 'revision'>;

/** What changed among rows, as one sentence for a polite live region; empty until something does. */
export function useAnnouncement(rows: readonly AnnouncedRow[], isEnabled: boolean): string {
  const words = useWords();
  const [said, setSaid] = useState('');
  const waiting = useRef({ changed: new Set<string>(), failed: new Set<string>(), saidAt: Number.NEGATIVE_INFINITY });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLiveEvents(
    (event) => {
      if (event.kind !== 'changes') return;
      const { changed, failed, saidAt } = waiting.current;
      for (const { id, status } of newsOf(rows, event.changes)) {
        changed.add(id);
        if (status === 'failed') failed.add(id);
      }
      if (changed.size === 0) return;
      clearTimeout(timer.current);
      const say = () => {
        setSaid(words.changed(changed.size, failed.size));
        waiting.current = { changed: new Set(), failed: new Set(), saidAt: Date.now() };
      };
      timer.current = setTimeout(say, Math.max(0, saidAt + APART_MS - Date.now()));
    },
    { enabled: isEnabled },
  );
  return said;
}
