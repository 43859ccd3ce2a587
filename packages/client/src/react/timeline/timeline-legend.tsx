import { useWords } from '../words/use-words.tsx';
import type { TimelineRow } from './layout.ts';

/** What the bars mean, of those that are there. */
export function TimelineLegend({ rows }: { rows: readonly TimelineRow[] }) {
  const words = useWords();
  const kinds = new Set<string>(
    rows.flatMap(({ bars, other }) => [...bars.map(({ kind }) => kind), other ? 'other' : '']),
  );
  const entries = [
    ['last', words.legendLast],
    ['earlier', words.legendEarlier],
    ['queue', words.legendQueue],
    ['other', words.legendOther],
  ] as const;
  // One kind alone needs no telling apart.
  if (!kinds.has('earlier') && !kinds.has('queue') && !kinds.has('other')) return null;
  return (
    <p className="rl-legend" aria-hidden="true">
      {entries.map(
        ([kind, word]) =>
          kinds.has(kind) && (
            <span key={kind}>
              <i className="rl-bar" data-kind={kind} data-tone={kind === 'earlier' ? 'bad' : 'good'} />
              {word}
            </span>
          ),
      )}
    </p>
  );
}
