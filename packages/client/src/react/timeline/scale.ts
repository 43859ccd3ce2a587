import type { Span } from './folds.ts';

/**
 * A place along the track, without its width being known: a share of the room that the bands leave, and how many bands are before.
 * `position` makes a length of it.
 */
export interface Place {
  /** From 0 to 1. */
  share: number;
  folds: number;
}

/** Time along a track, in which some spans are bands of a fixed width. */
export interface Scale {
  span: Span;
  folds: readonly Span[];
  /** Of an instant in milliseconds since 1970; outside of the span its nearer end. */
  place(ms: number): Place;
  /** The instant at a distance from the start of a track, both in pixels. */
  timeAt(x: number, widths: { track: number; fold: number }): number;
}

/** Pure. */
export function createScale(span: Span, folds: readonly Span[]): Scale {
  const { fromMs, toMs } = span;
  const folded = folds.reduce((sum, fold) => sum + fold.toMs - fold.fromMs, 0);
  const open = Math.max(1, toMs - fromMs - folded);
  return {
    span,
    folds,
    place(given) {
      const ms = Math.min(toMs, Math.max(fromMs, given));
      let before = 0;
      let bands = 0;
      for (const fold of folds) {
        const inside = Math.min(ms, fold.toMs) - fold.fromMs;
        if (inside <= 0) break;
        before += inside;
        bands += inside / (fold.toMs - fold.fromMs);
      }
      return { share: Math.min(1, (ms - fromMs - before) / open), folds: bands };
    },
    timeAt(x, widths) {
      const perMs = Math.max(1, widths.track - folds.length * widths.fold) / open;
      let left = Math.max(0, x);
      let at = fromMs;
      for (const fold of folds) {
        const until = (fold.fromMs - at) * perMs;
        if (left <= until) break;
        left -= until;
        if (left <= widths.fold) return fold.fromMs + (left / widths.fold) * (fold.toMs - fold.fromMs);
        left -= widths.fold;
        at = fold.toMs;
      }
      return Math.min(toMs, at + left / perMs);
    },
  };
}

/** A place as a CSS length, of a track with that number of bands (`--rl-fold`). */
export function position({ share, folds }: Place, bands: number): string {
  const shown = Math.round(share * 1e6) / 1e6;
  if (bands === 0) return `${shown * 100}%`;
  return `calc(${shown} * (100% - ${bands} * var(--rl-fold)) + ${Math.round(folds * 1e4) / 1e4} * var(--rl-fold))`;
}

/** From one place to another as a CSS length. */
export function extent(from: Place, to: Place, bands: number): string {
  return position({ share: to.share - from.share, folds: to.folds - from.folds }, bands);
}
