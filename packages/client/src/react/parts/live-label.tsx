import type { LiveConnection } from '../../live/live-changes.ts';
import { useWords } from '../words/use-words.tsx';
import type { Words } from '../words/words.ts';
import { useNow } from './use-now.ts';

/** How current a page is, in a word that never changes the room it takes by colour alone. */
export function LiveLabel({ live }: { live: LiveConnection }) {
  const words = useWords();
  const now = useNow(1_000);
  if (live.state === 'off') return null;
  return (
    <span className="rl rl-live" data-state={live.state}>
      <i className="rl-dot" aria-hidden="true" />
      {textOf(live, words, now)}
    </span>
  );
}

function textOf({ state, since }: LiveConnection, words: Words, now: number | null): string {
  if (state === 'live') return words.live;
  if (state === 'reconnecting') return words.reconnecting(Math.max(1_000, (now ?? since) - since));
  return state === 'failed' ? words.notLive : words.connecting;
}
