import { CircleAlert, Clock } from 'lucide-react';
import type { ReactNode } from 'react';

/** A bar across the page: something is not as it should be, and what to do about it. */
export function Notice({
  tone = 'warn',
  action,
  children,
}: {
  tone?: 'warn' | 'bad' | 'quiet';
  action?: { label: string; run: () => void };
  children: ReactNode;
}) {
  const Icon = tone === 'bad' ? CircleAlert : Clock;
  return (
    <div className="notice" data-tone={tone} role="status">
      <Icon className="size-4 flex-none" aria-hidden="true" />
      <span className="min-w-0 flex-1">{children}</span>
      {action && (
        <button type="button" className="btn" onClick={action.run}>
          {action.label}
        </button>
      )}
    </div>
  );
}
