import type { KeyboardEvent, PointerEvent } from 'react';
import { useState } from 'react';

/** The bars that are chosen: where that began, and where it is now. */
interface Brush {
  from: number;
  to: number;
}

/** Bars are chosen by dragging over them, or by keys: arrows move, with Shift they take along, Enter takes, Esc lets go. */
export function useBarBrush(count: number, onChoose: ((first: number, last: number) => void) | undefined) {
  const [brush, setBrush] = useState<Brush | null>(null);
  const within = (index: number) => Math.max(0, Math.min(count - 1, index));
  const at = ({ currentTarget, clientX }: PointerEvent<HTMLElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return within(Math.floor(((clientX - left) / width) * count));
  };
  function choose(): void {
    if (!brush) return;
    setBrush(null);
    onChoose?.(Math.min(brush.from, brush.to), Math.max(brush.from, brush.to));
  }
  function moveTo(index: number, takesAlong: boolean): void {
    const to = within(index);
    setBrush({ from: takesAlong && brush ? brush.from : to, to });
  }
  function onKeyDown(event: KeyboardEvent): void {
    const here = brush?.to ?? count;
    const steps: Record<string, () => void> = {
      ArrowLeft: () => moveTo(here - 1, event.shiftKey),
      ArrowRight: () => moveTo(brush ? here + 1 : 0, event.shiftKey),
      Home: () => moveTo(0, event.shiftKey),
      End: () => moveTo(count - 1, event.shiftKey),
      Enter: choose,
      Escape: () => setBrush(null),
    };
    const step = steps[event.key];
    if (!step || (event.key === 'Escape' && !brush)) return;
    event.preventDefault();
    event.stopPropagation();
    step();
  }
  const chosen = brush && { first: Math.min(brush.from, brush.to), last: Math.max(brush.from, brush.to) };
  return {
    chosen,
    /** Where keys are. */
    cursor: brush?.to ?? count - 1,
    handlers: {
      onKeyDown,
      onBlur: () => setBrush(null),
      onPointerDown(event: PointerEvent<HTMLElement>) {
        event.currentTarget.setPointerCapture(event.pointerId);
        setBrush({ from: at(event), to: at(event) });
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        if (brush && event.buttons > 0) setBrush({ ...brush, to: at(event) });
      },
      onPointerUp: choose,
      onPointerCancel: () => setBrush(null),
    },
  };
}
