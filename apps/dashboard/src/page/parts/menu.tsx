import type { ReactNode } from 'react';
import { useId, useRef, useState } from 'react';

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
  const [isOpen, setOpen] = useState(false);

  function place(): void {
    if (!button.current || !panel.current) return;
    const at = button.current.getBoundingClientRect();
    const { width, height } = panel.current.getBoundingClientRect();
    const left = Math.max(MARGIN_PX, Math.min(at.left, innerWidth - width - MARGIN_PX));
    const fitsBelow = at.bottom + GAP_PX + height < innerHeight || at.top < height;
    panel.current.style.left = `${left}px`;
    panel.current.style.top = `${fitsBelow ? at.bottom + GAP_PX : at.top - height - GAP_PX}px`;
    panel.current.querySelector<HTMLElement>('input, button, a, select')?.focus();
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        popoverTarget={id}
        aria-expanded={isOpen}
        aria-label={name}
      >
        {label}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        className="menu"
        onToggle={(event) => {
          const opens = (event.nativeEvent as ToggleEvent).newState === 'open';
          setOpen(opens);
          if (opens) requestAnimationFrame(place);
        }}
      >
        {isOpen && children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}
