import type { RecentRun } from '@runledger/contracts';
import { isTerminal, stageOf } from '@runledger/contracts/status';
import { useWords } from '../words/use-words.tsx';

export type RunMark = Pick<RecentRun, 'id' | 'status' | 'durationMs'>;

/** Least height of a mark, of the whole: the shortest one is seen too. */
const LEAST = 0.35;

/** Pure: how high a mark is, from 0 to 1. The root of the duration, because one slow run must not flatten all others. */
export function markHeight(durationMs: number | null, longestMs: number): number {
  if (durationMs === null || longestMs <= 0) return 1;
  return LEAST + (1 - LEAST) * Math.sqrt(durationMs / longestMs);
}

/** The latest executions as marks, the newest last: failures solid, completed pale, open ones hollow; as high as they took long. */
export function RunMarks({ runs }: { runs: readonly RunMark[] }) {
  const words = useWords();
  const longest = Math.max(0, ...runs.map(({ durationMs }) => durationMs ?? 0));
  const failed = runs.filter(({ status }) => stageOf(status) === 'faulty').length;
  return (
    <span className="rl rl-strip" role="img" aria-label={words.lastOutcomes(runs.length, failed)}>
      {runs.toReversed().map(({ id, status, durationMs }) => (
        <i
          key={id}
          className="rl-mark"
          data-status={status}
          style={{ blockSize: `${Math.round(100 * (isTerminal(status) ? markHeight(durationMs, longest) : 1))}%` }}
        />
      ))}
    </span>
  );
}
