import type { PointerEvent } from 'react';
import { useState } from 'react';
import { pageElement, thePage } from '../page-element.ts';
import type { Span } from './folds.ts';
import type { Scale } from './scale.ts';

/** What was dragged less far than this was a click, in pixels. */
const LEAST_DRAG_PX = 5;

/** Dragging along an axis zooms to what was dragged over. @returns handlers for the axis, and what is being dragged, in pixels. */
export function useBrush(scale: Scale, zoomTo: (span: Span) => void) {
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const xOf = (event: PointerEvent<HTMLElement>) =>
    event.clientX - pageElement(event.currentTarget).getBoundingClientRect().left;
  return {
    drag: drag && Math.abs(drag.to - drag.from) >= LEAST_DRAG_PX ? drag : null,
    handlers: {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        if (event.button !== 0 || pageElement(event.target).closest('button')) return;
        pageElement(event.currentTarget).setPointerCapture(event.pointerId);
        setDrag({ from: xOf(event), to: xOf(event) });
      },
      onPointerMove(event: PointerEvent<HTMLElement>) {
        if (drag) setDrag({ ...drag, to: xOf(event) });
      },
      onPointerCancel: () => setDrag(null),
      onPointerUp(event: PointerEvent<HTMLElement>) {
        setDrag(null);
        if (!drag || Math.abs(drag.to - drag.from) < LEAST_DRAG_PX) return;
        const axis = pageElement(event.currentTarget);
        const fold = Number.parseFloat(thePage().getComputedStyle(axis).getPropertyValue('--rl-fold')) || 0;
        const widths = { track: axis.getBoundingClientRect().width, fold };
        const [fromMs, toMs] = [drag.from, drag.to].sort((a, b) => a - b).map((x) => scale.timeAt(x, widths));
        if (fromMs !== undefined && toMs !== undefined && toMs - fromMs >= 1) zoomTo({ fromMs, toMs });
      },
    },
  };
}
