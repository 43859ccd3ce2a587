import type { RefObject } from 'react';
import { useDeferredValue, useEffect, useRef, useState } from 'react';

/** Rows in the document at a time. More make a page slow, and nobody sees them. */
const MOST = 500;
/** The part that is drawn moves in steps, so that scrolling draws seldom. */
const STEP = 100;
/** Of a row before one has been measured, in pixels. */
const USUAL_HEIGHT = 45;
/** Of a row where rows are low, in pixels. */
const LOW_HEIGHT = 37;

/** Which rows are drawn, and the room that the others keep above and below, in pixels. */
export interface RowWindow {
  body: RefObject<HTMLTableSectionElement | null>;
  from: number;
  to: number;
  above: number;
  below: number;
}

/** Of many rows those around what is on the screen. All have one height. @param isCompact Whether that is the lower one. */
export function useRowWindow(count: number, isCompact: boolean): RowWindow {
  const body = useRef<HTMLTableSectionElement>(null);
  const [from, setFrom] = useState(0);
  const [height, setHeight] = useState(USUAL_HEIGHT);
  // Rows are measured anew once they have another height.
  useEffect(() => {
    if (count <= MOST) return;
    function look(): void {
      const table = body.current;
      const measured = table && heightOf(table);
      if (!measured) return;
      setHeight(measured);
      setFrom(firstDrawn(-table.getBoundingClientRect().top / measured, count));
    }
    look();
    addEventListener('scroll', look, { passive: true });
    return () => removeEventListener('scroll', look);
  }, [count, isCompact]);
  // What is on the screen is painted first, the rest a moment later.
  const most = useDeferredValue(MOST, Math.ceil(innerHeight / (isCompact ? LOW_HEIGHT : USUAL_HEIGHT)));
  const first = Math.min(from, Math.max(0, count - MOST));
  const to = Math.min(count, first + most);
  return { body, from: first, to, above: first * height, below: (count - to) * height };
}

/** Of a row, on average: browsers round the height of each. */
function heightOf(table: HTMLElement): number | null {
  const rows = table.querySelectorAll('tr[data-id]');
  const [first, last] = [rows[0], rows[rows.length - 1]];
  if (!first || !last) return null;
  return (last.getBoundingClientRect().bottom - first.getBoundingClientRect().top) / rows.length;
}

/** Pure: the first row to draw. @param top The row at the upper edge of the screen. */
export function firstDrawn(top: number, count: number): number {
  const wanted = Math.floor((top - (MOST - STEP) / 2) / STEP) * STEP;
  return Math.max(0, Math.min(wanted, count - MOST));
}
