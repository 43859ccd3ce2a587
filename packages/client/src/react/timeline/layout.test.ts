import type { ComparedStep, Step } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { idleSpans } from './folds.ts';
import { layoutTimeline } from './layout.ts';
import { createScale, extent, position } from './scale.ts';
import { ticksOf, tickText } from './ticks.ts';
import { zoomed } from './use-timeline-keys.ts';

const BEGAN = Date.parse('2026-11-29T12:00:00Z');
const at = (ms: number) => new Date(BEGAN + ms).toISOString();
const span = (from: number, to: number) => ({ fromMs: BEGAN + from, toMs: BEGAN + to });

/** A step; times in milliseconds since the beginning. */
function step(from: number, to: number | null, more: Partial<Step> & { started?: number } = {}): Step {
  const { started, ...given } = more;
  return {
    kind: 'activity',
    name: 'pack',
    runId: 'r',
    status: to === null ? 'started' : 'completed',
    scheduledAt: at(from),
    startedAt: at(started ?? from),
    endedAt: to === null ? null : at(to),
    attempts: 1,
    failure: null,
    ...given,
  };
}

describe('idle time', () => {
  test('is folded where it is longer than a tenth of the whole, and not where it is shorter', () => {
    const steps = [step(0, 100), step(150, 200), step(900, 1_000)];
    expect(idleSpans(steps, span(0, 1_000))).toEqual([span(200, 900)]);
  });

  test('is what a timer waits through, and not what an activity works or waits for a worker through', () => {
    const timer = step(100, 900, { kind: 'timer', startedAt: null, attempts: null });
    expect(idleSpans([step(0, 100), timer, step(900, 1_000)], span(0, 1_000))).toEqual([span(100, 900)]);
    expect(idleSpans([step(0, 100), step(100, 900, { started: 890 }), step(900, 1_000)], span(0, 1_000))).toEqual([]);
  });

  test('ends with an open step that works still, and is there before the first and after the last', () => {
    expect(idleSpans([step(500, null)], span(0, 1_000))).toEqual([span(0, 500)]);
    expect(idleSpans([step(500, 510)], span(0, 1_000))).toEqual([span(0, 500), span(510, 1_000)]);
  });

  test('is folded into three bands at most, the longest ones', () => {
    const steps = [0, 150, 320, 520, 760].map((from) => step(from, from + 10));
    expect(idleSpans(steps, span(0, 1_000))).toEqual([span(330, 520), span(530, 760), span(770, 1_000)]);
  });

  test('is the whole where nothing worked at all: then nothing is folded', () => {
    expect(idleSpans([step(0, 900, { kind: 'timer', startedAt: null })], span(0, 1_000))).toEqual([]);
  });
});

describe('a scale', () => {
  const scale = createScale(span(0, 1_000), [span(200, 900)]);

  test('gives what is not folded all of the room, and a band a fixed width', () => {
    expect(scale.place(BEGAN + 100)).toEqual({ share: 1 / 3, folds: 0 });
    expect(scale.place(BEGAN + 550)).toEqual({ share: 2 / 3, folds: 0.5 });
    expect(scale.place(BEGAN + 1_000)).toEqual({ share: 1, folds: 1 });
    expect(scale.place(BEGAN - 5)).toEqual({ share: 0, folds: 0 });
  });

  test('finds the instant under a pixel, before, within and after a band', () => {
    const widths = { track: 348, fold: 48 };
    expect([50, 224, 298, 348, 999].map((x) => scale.timeAt(x, widths) - BEGAN)).toEqual([50, 550, 950, 1_000, 1_000]);
  });

  test('makes lengths of places', () => {
    expect(position({ share: 0.5, folds: 0 }, 0)).toBe('50%');
    expect(extent({ share: 0.25, folds: 0 }, { share: 0.5, folds: 1 }, 1)).toBe(
      'calc(0.25 * (100% - 1 * var(--rl-fold)) + 1 * var(--rl-fold))',
    );
  });

  test('of no time at all has everything at its start', () => {
    expect(createScale(span(0, 0), []).place(BEGAN)).toEqual({ share: 0, folds: 0 });
  });
});

describe('ticks', () => {
  test('are at round times since the beginning, also where only a part is shown', () => {
    expect(ticksOf(createScale(span(0, 6_400), []), BEGAN).map(({ afterMs }) => afterMs)).toEqual([
      0, 2_000, 4_000, 6_000,
    ]);
    expect(ticksOf(createScale(span(61_000, 62_000), []), BEGAN).map(({ afterMs }) => tickText(afterMs))).toEqual([
      '1 min 1 s',
      '1 min 1.5 s',
      '1 min 2 s',
    ]);
  });

  test('are neither within a fold, nor so near that their labels touch', () => {
    const year = 365 * 86_400_000;
    const ticks = ticksOf(createScale(span(0, year), [span(1_000, year - 1_000)]), BEGAN);
    expect(ticks.length).toBeGreaterThan(1);
    for (const { afterMs } of ticks) expect(afterMs <= 1_000 || afterMs >= year - 1_000).toBe(true);
  });

  test('none is half under a fold, which would cover the beginning of its label', () => {
    const folds = [span(2_000, 8_000)];
    const scale = createScale(span(0, 10_000), folds);
    const ticks = ticksOf(scale, BEGAN);
    expect(ticks.map(({ afterMs }) => afterMs)).toEqual([0, 1_000, 9_000, 10_000]);
  });

  test.each([
    [0, '0 s'],
    [250, '250 ms'],
    [1_500, '1.5 s'],
    [75 * 60_000, '1 h 15 min'],
    [86_400_000, '1 d'],
    [3_600_000 + 30_250, '1 h 30.25 s'],
  ])('%i ms is written %s: a scale rounds nothing', (ms, text) => expect(tickText(ms)).toBe(text));
});

describe('a step', () => {
  const bars = (given: Step, zoom = span(0, 1_000)) =>
    layoutTimeline({ steps: [given], whole: span(0, 1_000), zoom, isFolded: false }).rows[0]?.bars.map(
      ({ kind, from, to }) => [kind, from.share, to.share],
    );

  test('that waited for a worker has a queue before its bar', () => {
    expect(bars(step(0, 500, { started: 100 }))).toEqual([
      ['queue', 0, 0.1],
      ['last', 0.1, 0.5],
    ]);
  });

  test('that was tried again has its earlier attempts as one bar: their times are not known', () => {
    expect(bars(step(0, 500, { started: 400, attempts: 3 }))).toEqual([
      ['earlier', 0, 0.4],
      ['last', 0.4, 0.5],
    ]);
  });

  test('that is open lasts until now; a signal takes no time; none is drawn outside of what is shown', () => {
    expect(bars(step(200, null))).toEqual([['last', 0.2, 1]]);
    expect(bars(step(200, null, { startedAt: null, attempts: 0, status: 'scheduled' }))).toEqual([['queue', 0.2, 1]]);
    expect(bars(step(300, null, { kind: 'signal', status: 'received', attempts: null }))).toEqual([['mark', 0.3, 0.3]]);
    expect(bars(step(0, 100), span(500, 1_000))).toEqual([]);
  });

  test('whose worker has a clock that is behind does not end before it began', () => {
    expect(bars(step(500, 400, { started: 300 }))).toEqual([['last', 0.5, 0.5]]);
  });

  test('has the same step of another execution beside it, as long as it took there', () => {
    const others: ComparedStep[] = [
      {
        ...{ kind: 'activity', name: 'pack', index: 0, otherIndex: 0, status: 'failed', otherStatus: 'completed' },
        ...{ durationMs: 400, otherDurationMs: 100 },
      },
    ];
    const { rows } = layoutTimeline({ steps: [step(200, 600)], whole: span(0, 1_000), isFolded: false, others });
    expect(rows[0]?.other).toEqual({ from: { share: 0.2, folds: 0 }, to: { share: 0.3, folds: 0 } });
  });
});

test('zooming stays within the whole, around what it is about, and ends at the whole', () => {
  expect(zoomed(span(0, 1_000), span(0, 1_000), 0.5, BEGAN + 100)).toEqual(span(0, 500));
  expect(zoomed(span(0, 500), span(0, 1_000), 0.5, BEGAN + 400)).toEqual(span(275, 525));
  expect(zoomed(span(275, 525), span(0, 1_000), 4, BEGAN + 400)).toBeNull();
});
