import type { Step, StepKind } from './timeline.ts';

/**
 * - `queue`: it waited for a worker. `earlier`: attempts before the last one, and back-off; Temporal keeps no times of them.
 * - `last`: the last attempt, or all of what has no attempts. `mark`: something that takes no time.
 */
export type StepSpanKind = 'queue' | 'earlier' | 'last' | 'mark';

/** A part of a step's time, in milliseconds since 1970. */
export interface StepSpan {
  kind: StepSpanKind;
  fromMs: number;
  toMs: number;
}

/** Kinds that wait for a worker, and are tried again. */
const IS_TRIED: Partial<Record<StepKind, boolean>> = { activity: true, workflow_task: true };

/** Pure: what a step's time was spent with, in the order of time. @param endMs Its end, or that of the execution while it is open */
export function stepSpans({ kind, attempts, scheduledAt, startedAt, endedAt }: Step, endMs: number): StepSpan[] {
  const fromMs = Date.parse(scheduledAt);
  if (kind === 'signal') return [{ kind: 'mark', fromMs, toMs: fromMs }];
  const toMs = Math.max(fromMs, endedAt ? Date.parse(endedAt) : endMs);
  const waited: StepSpanKind = (attempts ?? 1) > 1 ? 'earlier' : 'queue';
  if (startedAt === null) return [{ kind: IS_TRIED[kind] ? waited : 'last', fromMs, toMs }];
  const startedMs = Math.min(toMs, Math.max(fromMs, Date.parse(startedAt)));
  const last: StepSpan = { kind: 'last', fromMs: startedMs, toMs };
  return startedMs === fromMs ? [last] : [{ kind: waited, fromMs, toMs: startedMs }, last];
}
