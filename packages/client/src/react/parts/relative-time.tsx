import { useWords } from '../words/use-words.tsx';
import { useNow } from './use-now.ts';

/** Ages are looked at this often, in milliseconds: they are told in minutes. */
const STEP_MS = 15_000;

/** Two clocks differ by so much, in milliseconds. */
const SLACK_MS = 60_000;

/** Pure: how long ago something was; `null` of what is to come, and on a server. @param now Milliseconds since 1970, in whole steps. */
export function ageOf(at: string, now: number | null): number | null {
  if (now === null || Date.parse(at) - now > SLACK_MS + STEP_MS) return null;
  return Math.max(0, now - Date.parse(at));
}

/** How long ago something was, with the instant itself as title; the instant where there is no age. */
export function RelativeTime({ at }: { at: string }) {
  const words = useWords();
  const age = ageOf(at, useNow(STEP_MS));
  const instant = words.dateTime(at);
  return (
    <time className="rl-time" dir="auto" dateTime={at} title={instant}>
      {age === null ? instant : words.ago(age)}
    </time>
  );
}
