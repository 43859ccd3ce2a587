import { Copy, RotateCcw, Square } from 'lucide-react';
import { useState } from 'react';
import { AskAbout } from '../../actions/ask-about.tsx';
import type { ListedExecution } from '../../parts/status.tsx';
import { usePageActs } from '../../shell/page-acts.ts';

/** What can be done with the rows that are selected. */
export function BulkBar({ rows, onClear }: { rows: ListedExecution[]; onClear: () => void }) {
  const [action, setAction] = useState<'rerun' | 'cancel' | 'terminate' | null>(null);
  const isAny = rows.length > 0;
  usePageActs(
    isAny
      ? [
          { label: `Rerun the ${rows.length} selected…`, key: 'r', act: () => setAction('rerun') },
          { label: `Cancel the ${rows.length} selected…`, key: 'c', act: () => setAction('cancel') },
        ]
      : [],
  );
  if (!isAny && !action) return null;
  return (
    <>
      {isAny && (
        <section className="bulk" aria-label="Selected executions">
          <span>{`${rows.length} selected`}</span>
          <button type="button" className="btn" onClick={() => setAction('rerun')}>
            <RotateCcw className="size-4" aria-hidden="true" /> Rerun…
          </button>
          <button type="button" className="btn" onClick={() => setAction('cancel')}>
            <Square className="size-4" aria-hidden="true" /> Cancel…
          </button>
          <button type="button" className="btn" onClick={() => setAction('terminate')}>
            Terminate…
          </button>
          <button
            type="button"
            className="btn"
            onClick={() => void navigator.clipboard.writeText(rows.map(({ id }) => id).join('\n'))}
          >
            <Copy className="size-4" aria-hidden="true" /> Copy ids
          </button>
          <button type="button" className="btn" onClick={onClear}>
            Clear <kbd className="max-md:hidden">Esc</kbd>
          </button>
        </section>
      )}
      <AskAbout action={action} executions={rows} onClose={() => setAction(null)} />
    </>
  );
}
