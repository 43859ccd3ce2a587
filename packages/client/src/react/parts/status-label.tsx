import type { ExecutionStatus } from '@runledger/contracts/status';
import { useWords } from '../words/use-words.tsx';
import { Icon } from './icon.tsx';

/** A status as icon and word, never by colour alone. `badge` draws a line around it. */
export function StatusLabel({ status, variant = 'plain' }: { status: ExecutionStatus; variant?: 'plain' | 'badge' }) {
  const words = useWords();
  return (
    <span className={`rl rl-status${variant === 'badge' ? ' rl-badge' : ''}`} data-status={status}>
      <Icon name={status} />
      {words[status]}
    </span>
  );
}

/** The icon alone, for where the word stands elsewhere in the same line. */
export function StatusIcon({ status }: { status: ExecutionStatus }) {
  return (
    <span className="rl rl-status" data-status={status}>
      <Icon name={status} />
    </span>
  );
}
