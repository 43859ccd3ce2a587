import type { MouseEvent, ReactNode } from 'react';
import type { ExecutionSummary } from '../../live/stream-source.ts';

export interface RowLinkProps {
  execution: ExecutionSummary;
  /** Where the execution is shown. With it, rows open in new tabs too. */
  href?: ((execution: ExecutionSummary) => string) | undefined;
  /** Called in place of following the link, or without one. */
  onOpen?: ((execution: ExecutionSummary) => void) | undefined;
  children: ReactNode;
}

/** A row's name: a link where it leads somewhere, a button where something is only called, else text. */
export function RowLink({ execution, href, onOpen, children }: RowLinkProps) {
  if (href) {
    const follow = (event: MouseEvent) => {
      if (!onOpen || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      onOpen(execution);
    };
    return (
      <a className="rl-link" href={href(execution)} onClick={follow}>
        {children}
      </a>
    );
  }
  if (!onOpen) return <span className="rl-row-name">{children}</span>;
  return (
    <button type="button" className="rl-link" onClick={() => onOpen(execution)}>
      {children}
    </button>
  );
}
