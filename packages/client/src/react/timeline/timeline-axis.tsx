import { useWords } from '../words/use-words.tsx';
import type { Span } from './folds.ts';
import type { TimelineLayout } from './layout.ts';
import { extent, position } from './scale.ts';
import { tickText } from './ticks.ts';
import { useBrush } from './use-brush.ts';

/** The end of an axis, where a label stands left of its tick. */
const NEAR_END = 0.88;

interface TimelineAxisProps {
  layout: TimelineLayout;
  zoomTo(span: Span): void;
  reset(): void;
  unfold(): void;
}

/** Round times over the track, and what was folded as buttons. Dragging zooms, a double click shows all. */
export function TimelineAxis({ layout: { scale, ticks }, zoomTo, reset, unfold }: TimelineAxisProps) {
  const words = useWords();
  const { drag, handlers } = useBrush(scale, zoomTo);
  const bands = scale.folds.length;
  return (
    // The keys of the table do the same.
    // biome-ignore lint/a11y/noStaticElementInteractions: a surface to drag on, beside the keys
    <div className="rl-axis" onDoubleClick={reset} {...handlers}>
      {ticks.map(({ afterMs, atMs }) => {
        const place = scale.place(atMs);
        return (
          <span
            key={afterMs}
            className="rl-tick"
            aria-hidden="true"
            data-end={place.share > NEAR_END || undefined}
            style={{ insetInlineStart: position(place, bands) }}
          >
            {tickText(afterMs)}
          </span>
        );
      })}
      {scale.folds.map(({ fromMs, toMs }) => (
        <button
          key={fromMs}
          type="button"
          className="rl-fold"
          title={words.unfold(toMs - fromMs)}
          style={{ insetInlineStart: position(scale.place(fromMs), bands) }}
          onClick={unfold}
        >
          <span>{words.idle(toMs - fromMs)}</span>
        </button>
      ))}
      {drag && (
        <i
          className="rl-brush"
          aria-hidden="true"
          style={{ left: Math.min(drag.from, drag.to), width: Math.abs(drag.to - drag.from) }}
        />
      )}
    </div>
  );
}

/** The lines of the ticks and the bands of the folds, as one background for every track of a table. */
export function trackBackground({ scale, ticks }: TimelineLayout): string {
  const bands = scale.folds.length;
  const lines = ticks.map(
    ({ atMs }) => `linear-gradient(var(--_rl-line) 0 0) ${position(scale.place(atMs), bands)} 0 / 1px 100% no-repeat`,
  );
  const folds = scale.folds.map(({ fromMs }) => {
    const { share, folds: before } = scale.place(fromMs);
    // Of a background, 100 % is the room beside the image, and this image is a band wide.
    const left = `calc(${share} * (100% - ${bands - 1} * var(--rl-fold)) + ${before} * var(--rl-fold))`;
    return `linear-gradient(var(--_rl-sunk) 0 0) ${left} 0 / var(--rl-fold) 100% no-repeat`;
  });
  return [...folds, ...lines].join(', ') || 'none';
}

/** A bar as a place on its track. */
export const barStyle = (
  bar: { from: Parameters<typeof extent>[0]; to: Parameters<typeof extent>[1] },
  bands: number,
) => ({
  insetInlineStart: position(bar.from, bands),
  inlineSize: extent(bar.from, bar.to, bands),
});
