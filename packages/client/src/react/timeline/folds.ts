import type { Step, StepKind } from '@runledger/contracts';

/** A part of time, in milliseconds since 1970. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** A gap is folded where it is longer than this share of the whole. */
const LONGEST_SHARE = 0.1;
/** More bands than this would leave no room for the steps on a phone. */
const MOST_FOLDS = 3;

/** Kinds that work. A timer only lets time pass, and a signal takes none: what lies between may be idle. */
const WORKS: readonly StepKind[] = ['activity', 'child', 'update', 'signal', 'workflow_task'];

/**
 * Pure: the parts of a time in which nothing worked and that are long enough to be folded, oldest first. None where nothing worked
 * at all. An open step works until the end.
 */
export function idleSpans(steps: readonly Step[], { fromMs, toMs }: Span): Span[] {
  const busy = steps
    .filter(({ kind }) => WORKS.includes(kind))
    .map(({ kind, scheduledAt, endedAt }): Span => {
      const start = Date.parse(scheduledAt);
      return { fromMs: start, toMs: kind === 'signal' ? start : endedAt ? Date.parse(endedAt) : toMs };
    })
    .filter((span) => span.toMs >= fromMs && span.fromMs <= toMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  if (busy.length === 0) return [];
  const gaps: Span[] = [];
  let doneMs = fromMs;
  for (const span of [...busy, { fromMs: toMs, toMs }]) {
    if (span.fromMs - doneMs > LONGEST_SHARE * (toMs - fromMs)) gaps.push({ fromMs: doneMs, toMs: span.fromMs });
    doneMs = Math.max(doneMs, span.toMs);
  }
  const longest = gaps.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs)).slice(0, MOST_FOLDS);
  return longest.sort((a, b) => a.fromMs - b.fromMs);
}
