import type { Scale } from './scale.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Steps of an axis that people read without reckoning, in milliseconds. */
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((each) => each * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((each) => each * MINUTE),
  ...[1, 2, 3, 6, 12].map((each) => each * HOUR),
  ...[1, 2, 5, 10, 30, 100, 365].map((each) => each * DAY),
];

/** Labels beside each other on a narrow track have room for no more. */
const MOST_TICKS = 4;
/** Nearer to each other than this share of the track, two labels would touch. */
const LEAST_APART = 0.16;

/** A tick: the milliseconds since the beginning, and the instant. */
export interface Tick {
  afterMs: number;
  atMs: number;
}

/** Pure: ticks at round times since the execution began, none within a fold or half under it, and none that would touch another. */
export function ticksOf({ span, folds, place }: Scale, beganMs: number): Tick[] {
  const folded = folds.reduce((sum, fold) => sum + fold.toMs - fold.fromMs, 0);
  const open = Math.max(1, span.toMs - span.fromMs - folded);
  const step = STEPS.find((each) => open / each <= MOST_TICKS) ?? Math.ceil(open / MOST_TICKS / DAY) * DAY;
  const ticks: Tick[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let after = firstTick(span.fromMs - beganMs, step); beganMs + after <= span.toMs; after += step) {
    const atMs = beganMs + after;
    const fold = folds.find(({ fromMs, toMs }) => atMs > fromMs && atMs < toMs);
    // A fold may be years: what lies in it is passed over at once.
    if (fold) after = firstTick(fold.toMs - beganMs, step) - step;
    const { share } = place(atMs);
    const isCovered = folds.some(({ toMs }) => Math.abs(place(toMs).share - share) < LEAST_APART / 2);
    if (fold || isCovered || share - last < LEAST_APART) continue;
    last = share;
    ticks.push({ afterMs: after, atMs });
  }
  return ticks;
}

const firstTick = (afterMs: number, step: number) => Math.ceil(afterMs / step) * step;

const UNITS = [
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'min'],
] as const;

/** A time on an axis, exactly, without the units that are 0: a scale rounds nothing. Milliseconds. */
export function tickText(ms: number): string {
  if (ms > 0 && ms < SECOND) return `${ms} ms`;
  const parts: string[] = [];
  let rest = ms;
  for (const [unitMs, name] of UNITS) {
    const whole = Math.floor(rest / unitMs);
    if (whole > 0) parts.push(`${whole} ${name}`);
    rest -= whole * unitMs;
  }
  if (rest > 0 || parts.length === 0) parts.push(`${rest / SECOND} s`);
  return parts.join(' ');
}
