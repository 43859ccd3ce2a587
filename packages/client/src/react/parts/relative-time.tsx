import { useWords } from '../words/use-words.tsx';
import { useNow } from './use-now.ts';

/** Ages are looked at this often, in milliseconds: they are told in minutes. */
const STEP_MS = 15_000;

/** How long ago something was, with the instant itself as title; the instant on a server. */
export function RelativeTime({ at }: { at: string }) {
  const words = useWords();
  const now = useNow(STEP_MS);
  const instant = words.dateTime(at);
  return (
    <time className="rl-time" dir="auto" dateTime={at} title={instant}>
      {now === null ? instant : words.ago(Math.max(0, now - Date.parse(at)))}
    </time>
  );
}
