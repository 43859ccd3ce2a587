import type { Clock } from '../../parts/clock.ts';
import { windowWords } from '../executions/filter-words.ts';

/** As a part of the window that was asked for. */
const NOTICED = 0.05;

/**
 * Pure: the window of a sentence about counts, which are of whole hours: of a short window it names the one that was counted.
 * @param words What was asked for.
 */
export function countedWords(
  asked: { from: string; to: string },
  counted: { from: string | null; to: string | null },
  { words, clock, now }: { words: string; clock: Clock; now: number },
): string {
  const length = Date.parse(asked.to) - Date.parse(asked.from);
  const more = Date.parse(asked.from) - Date.parse(counted.from ?? asked.from);
  if (more <= length * NOTICED || counted.from === null) return words;
  const isPast = counted.to !== null && Date.parse(counted.to) < now;
  return windowWords(counted.from, isPast ? (counted.to as string) : undefined, clock);
}
