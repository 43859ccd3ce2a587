import type { ComparedStep, Step } from '@runledger/contracts';
import type { StepSpan, StepSpanKind } from '@runledger/contracts/step-spans';
import { stepSpans } from '@runledger/contracts/step-spans';
import type { Span } from './folds.ts';
import { idleSpans } from './folds.ts';
import type { Place, Scale } from './scale.ts';
import { createScale } from './scale.ts';
import type { Tick } from './ticks.ts';
import { ticksOf } from './ticks.ts';

export type BarKind = StepSpanKind;
export type Tone = 'good' | 'bad' | 'open' | 'quiet';

export interface Bar {
  kind: BarKind;
  from: Place;
  to: Place;
}

export interface TimelineRow {
  step: Step;
  /** Where it stands among the steps. */
  index: number;
  tone: Tone;
  /** In the order of time; none where it lies outside of what is shown. */
  bars: Bar[];
  /** The same step in the other execution, as long as it took there. */
  other: { from: Place; to: Place } | null;
  /** Since the execution began, in milliseconds. */
  afterMs: number;
  /** So far, of an open one; `null` for what takes no time. */
  tookMs: number | null;
}

export interface TimelineLayout {
  scale: Scale;
  ticks: Tick[];
  rows: TimelineRow[];
}

export interface TimelineInput {
  steps: readonly Step[];
  /** From the beginning of the execution to its end, or now. */
  whole: Span;
  /** The part that is shown. Default: the whole. */
  zoom?: Span | null;
  /** Idle time is folded. Default: true. */
  isFolded?: boolean;
  /** The steps beside those of another execution. */
  others?: readonly ComparedStep[];
}

const TONES: Record<Step['status'], Tone> = {
  scheduled: 'open',
  started: 'open',
  completed: 'good',
  received: 'good',
  failed: 'bad',
  timed_out: 'bad',
  cancelled: 'quiet',
  terminated: 'quiet',
  abandoned: 'quiet',
};

/** Pure: where everything of a timeline stands, whatever the width of its track. */
export function layoutTimeline({ steps, whole, zoom, isFolded = true, others = [] }: TimelineInput): TimelineLayout {
  const span = zoom ?? whole;
  const scale = createScale(span, isFolded ? idleSpans(steps, span) : []);
  const tookThere = new Map(
    others.flatMap(({ index, otherDurationMs }) =>
      index === null || otherDurationMs === null ? [] : [[index, otherDurationMs] as const],
    ),
  );
  const rows = steps.map((step, index): TimelineRow => {
    const scheduledMs = Date.parse(step.scheduledAt);
    const endMs = step.endedAt ? Date.parse(step.endedAt) : whole.toMs;
    const there = tookThere.get(index);
    return {
      step,
      index,
      tone: step.kind === 'workflow_task' && step.endedAt === null ? 'bad' : TONES[step.status],
      bars: stepSpans(step, whole.toMs).flatMap((bar) => placed(bar, scale)),
      other:
        there === undefined || scheduledMs > span.toMs || scheduledMs + there < span.fromMs
          ? null
          : { from: scale.place(scheduledMs), to: scale.place(scheduledMs + there) },
      afterMs: Math.max(0, scheduledMs - whole.fromMs),
      tookMs: step.kind === 'signal' ? null : Math.max(0, endMs - scheduledMs),
    };
  });
  return { scale, ticks: ticksOf(scale, whole.fromMs), rows };
}

function placed({ kind, fromMs, toMs }: StepSpan, { span, place }: Scale): Bar[] {
  if (toMs < span.fromMs || fromMs > span.toMs) return [];
  return [{ kind, from: place(fromMs), to: place(toMs) }];
}
