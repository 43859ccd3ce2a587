import { ChevronDown, Copy } from 'lucide-react';
import { Menu } from '../../parts/menu.tsx';
import { replayCommand, showCommand } from './commands.ts';
import type { Details } from './types.ts';

/** What one takes elsewhere: into a message, a terminal, Temporal. */
export function CopyMenu({ details, isForgotten }: { details: Details; isForgotten: boolean }) {
  const copies: [string, string | null][] = [
    ['Link', location.href],
    ['Id', details.id],
    ['Temporal workflow id', details.temporalWorkflowId],
    ['Run id', details.currentRunId],
    ['Command: explain', `npx runledger explain ${details.id}`],
    ['Command: Temporal’s own', isForgotten ? null : showCommand(details)],
    ['Command: replay', isForgotten ? null : replayCommand(details)],
  ];
  return (
    <Menu
      label={
        <>
          <Copy className="size-4 text-muted" aria-hidden="true" /> Copy{' '}
          <ChevronDown className="size-3.5" aria-hidden="true" />
        </>
      }
    >
      {(close) =>
        copies
          .filter(([, text]) => text)
          .map(([label, text]) => (
            <button
              key={label}
              type="button"
              className="menu-item"
              onClick={() => {
                void navigator.clipboard.writeText(text as string);
                close();
              }}
            >
              {label}
            </button>
          ))
      }
    </Menu>
  );
}
