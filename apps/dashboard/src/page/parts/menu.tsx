import type { ReactNode } from 'react';
import { Fragment, useId, useLayoutEffect, useRef, useState } from 'react';

interface MenuProps {
  label: ReactNode;
  /** Its name for whoever does not see the label. */
  name?: string;
  className?: string;
  /** Drawn while it is open only. @param close To be called once something was chosen. */
  children: (close: () => void) => ReactNode;
}

const GAP_PX = 4;
const MARGIN_PX = 8;

/** A button with what lies behind it: above everything, closed by Escape and by a click elsewhere, as the browser does it. */
export function Menu({ label, name, className = 'btn', children }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  // Which of its openings this is, 0 while it is closed: the browser tells of a closing and an opening at once as of one opening.
  const [opening, setOpening] = useState(0);

  // Once what it holds is drawn: a frame of the browser may come before that, and would find nothing to focus.
  useLayoutEffect(() => {
    if (!opening || !button.current || !panel.current) return;
    const at = button.current.getBoundingClientRect();
    const { width, height } = panel.current.getBoundingClientRect();
    const left = Math.max(MARGIN_PX, Math.min(at.left, innerWidth - width - MARGIN_PX));
    const fitsBelow = at.bottom + GAP_PX + height < innerHeight || at.top < height;
    panel.current.style.left = `${left}px`;
    panel.current.style.top = `${fitsBelow ? at.bottom + GAP_PX : at.top - height - GAP_PX}px`;
    panel.current.querySelector<HTMLElement>('input, button, a, select')?.focus();
  }, [opening]);

  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        popoverTarget={id}
        aria-expanded={opening > 0}
        aria-label={name}
      >
        {label}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        className="menu"
        // Where the focus goes back to when it closes: a key opens it too, and not every browser focuses a button that is clicked.
        onBeforeToggle={(event) => {
          if ((event.nativeEvent as ToggleEvent).newState === 'open') button.current?.focus({ preventScroll: true });
        }}
        onToggle={(event) => {
          const opens = (event.nativeEvent as ToggleEvent).newState === 'open';
          setOpening((last) => (opens ? last + 1 : 0));
        }}
      >
        {opening > 0 && <Fragment key={opening}>{children(() => panel.current?.hidePopover())}</Fragment>}
      </div>
    </>
  );
}
