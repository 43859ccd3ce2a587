import { useEffect, useRef, useState } from 'react';
import { useLiveEvents } from '../use-live.ts';
import { useWords } from '../words/use-words.tsx';

/** Whoever hears a page is told no more often than this, in milliseconds. */
const APART_MS = 10_000;

/** What changed among rows, as one sentence for a polite live region; empty until something does. */
export function useAnnouncement(ids: readonly string[], isEnabled: boolean): string {
  const words = useWords();
  const [said, setSaid] = useState('');
  const waiting = useRef({ changed: new Set<string>(), failed: new Set<string>(), saidAt: Number.NEGATIVE_INFINITY });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLiveEvents(
    (event) => {
      if (event.kind !== 'changes') return;
      const { changed, failed, saidAt } = waiting.current;
      for (const change of event.changes) {
        if (!('execution' in change) || !ids.includes(change.execution.id)) continue;
        changed.add(change.execution.id);
        if (change.execution.status === 'failed') failed.add(change.execution.id);
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
