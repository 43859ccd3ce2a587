import type { KeyboardEvent, RefObject } from 'react';
import { useEffect } from 'react';
import type { PageKey } from '../page-element.ts';
import { pageElement, thePage } from '../page-element.ts';
import type { Span } from './folds.ts';

/** Pure: half or twice of what is shown, around an instant; `null` for the whole. */
export function zoomed(shown: Span, whole: Span, factor: number, aroundMs: number): Span | null {
  const length = (shown.toMs - shown.fromMs) * factor;
  if (length >= whole.toMs - whole.fromMs) return null;
  const least = Math.max(1, length);
  const fromMs = Math.min(Math.max(whole.fromMs, aroundMs - least / 2), whole.toMs - least);
  return { fromMs, toMs: fromMs + least };
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export interface TimelineKeys {
  rows: number;
  focused: number;
  focus(index: number): void;
  zoomBy(factor: number): void;
  reset(): void;
}

/** Arrows go from step to step, `+` and `-` zoom, `0` shows all; within the timeline only. */
export function onTimelineKey(event: KeyboardEvent, { rows, focused, focus, zoomBy, reset }: TimelineKeys): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = STEPS[event.key];
  if (step !== undefined) focus(Math.min(rows - 1, Math.max(0, focused + step)));
  else if (event.key === 'Home') focus(0);
  else if (event.key === 'End') focus(rows - 1);
  else if (event.key === '+' || event.key === '=') zoomBy(0.5);
  else if (event.key === '-' || event.key === '−') zoomBy(2);
  else if (event.key === '0') reset();
  else return;
  event.preventDefault();
}

/** Where keys are text. */
const FIELDS = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';

/** A letter that moves the focus into the timeline, from anywhere on the page but fields; none unless a page asks for it. */
export function useFocusKey(key: string | undefined, table: RefObject<unknown>): void {
  useEffect(() => {
    if (key === undefined) return;
    const { document } = thePage();
    const listen = (event: PageKey) => {
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey) return;
      if (pageElement(event.target).closest(FIELDS)) return;
      const step = pageElement(table.current)?.querySelector('.rl-step[tabindex="0"]');
      if (!step) return;
      event.preventDefault();
      step.focus();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [key, table]);
}
