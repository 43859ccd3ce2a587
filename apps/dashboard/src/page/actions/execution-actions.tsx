import { ChevronDown, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { Details } from '../pages/execution/types.ts';
import { Menu } from '../parts/menu.tsx';
import type { Health } from '../parts/status.tsx';
import { usePageActs } from '../shell/page-acts.ts';
import type { ActionName } from './action-words.ts';
import { ACTIONS } from './action-words.ts';
import { AskAbout } from './ask-about.tsx';

const MENU: ActionName[] = ['signal', 'cancel', 'terminate', 'reset', 'end', 'rerun', 'delete'];
const LABELS: Partial<Record<ActionName, string>> = { rerun: 'Rerun with the same input…', signal: 'Send a signal…' };

/** What ends one that cancelling does not end: code that throws hears nothing, and of what Temporal does not know a person says it. */
const INSTEAD: Partial<Record<Health, ActionName>> = { wedged: 'terminate', lost: 'end' };

/** What can be done with one execution as it stands now. */
export function ExecutionActions({ details }: { details: Details }) {
  const [action, setAction] = useState<ActionName | null>(null);
  const [, go] = useLocation();
  const row = { ...details, health: details.health?.health ?? null, reason: null, remedy: null, checkedAt: null };
  const possible = MENU.filter((name) => ACTIONS[name].isFor(row));
  const isOpen = details.completedAt === null;
  const other = isOpen ? (INSTEAD[row.health ?? 'live'] ?? null) : null;
  const rerun = `/workflows/${details.workflowId}/start?from=${details.id}`;
  usePageActs([
    { label: 'Rerun this execution…', key: 'r', act: () => go(rerun) },
    ...(isOpen ? [{ label: 'Cancel this execution…', key: 'c', act: () => setAction('cancel') }] : []),
  ]);
  return (
    <>
      {isOpen ? (
        <>
          <button type="button" className="btn" onClick={() => setAction('cancel')}>
            Cancel…
          </button>
          {other && (
            <button type="button" className="btn" onClick={() => setAction(other)}>
              {`${ACTIONS[other].verb}…`}
            </button>
          )}
        </>
      ) : (
        <Link href={rerun} className="btn solid">
          <RotateCcw className="size-4" aria-hidden="true" /> Rerun…
        </Link>
      )}
      <Menu
        name="More actions"
        label={
          <>
            More <ChevronDown className="size-3.5" aria-hidden="true" />
          </>
        }
      >
        {(hide) =>
          possible.map((name) => (
            <button
              key={name}
              type="button"
              className={`menu-item ${ACTIONS[name].isDanger ? 'text-danger' : ''}`}
              onClick={() => {
                hide();
                setAction(name);
              }}
            >
              {LABELS[name] ?? `${ACTIONS[name].verb}…`}
            </button>
          ))
        }
      </Menu>
      <AskAbout action={action} executions={[row]} onClose={() => setAction(null)} />
    </>
  );
}
