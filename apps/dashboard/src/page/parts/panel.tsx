import type { ReactNode } from 'react';
import { useId } from 'react';

interface PanelProps {
  title: string;
  /** Beside the title, quieter. */
  note?: ReactNode;
  /** At the end of the line. */
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}

export function Panel({ title, note, aside, children, className = '' }: PanelProps) {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {note && <span className="text-[13px] text-muted">{note}</span>}
        {aside && <span className="aside text-[13px] text-muted">{aside}</span>}
      </header>
      {children}
    </section>
  );
}
