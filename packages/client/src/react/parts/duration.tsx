import { useWords } from '../words/use-words.tsx';
import { useNow } from './use-now.ts';

/** How long something took, in milliseconds; nothing is known of `null`. */
export function Duration({ ms }: { ms: number | null }) {
  const words = useWords();
  return <bdi className="rl-number">{ms === null ? words.nothing : words.duration(ms)}</bdi>;
}

/** How long something that is under way has been, in whole seconds; unknown on a server. */
export function ElapsedTime({ since }: { since: string }) {
  const now = useNow(1_000);
  const ms = now === null ? null : Math.max(0, now - Date.parse(since));
  return <Duration ms={ms === null ? null : Math.floor(ms / 1_000) * 1_000} />;
}
