import { useReadAfterChanges, useRunledger } from '@runledger/client/react';
import { useQuery } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { Figure } from '../parts/figure.tsx';
import { isOperator } from '../session/operator.ts';
import { chooseScope, of } from '../session/scope.ts';
import { loadAuth, useSession } from '../session/session.ts';
import { Mark } from './mark.tsx';
import { closeRail, useRailOpen } from './overlays.ts';
import { placesOf } from './places.ts';
import { ProofChip } from './proof-chip.tsx';
import { SavedViews } from './saved-views.tsx';

/** How often what the rail counts is read again, in milliseconds; the page itself is live. */
const EVERY_MS = 30_000;

export function Rail() {
  const [path] = useLocation();
  const isOpen = useRailOpen();
  const session = useSession();
  const { trpc } = useRunledger();
  const counts = trpc.execution.countByHealth.queryOptions({ of });
  // On every page somebody listens: the badge says how current it is.
  useReadAfterChanges(counts.queryKey);
  const { data: open } = useQuery({ ...counts, refetchInterval: EVERY_MS });
  const isHere = (href: string) => (href === '/' ? path === '/' : path.startsWith(href));
  return (
    <>
      {isOpen && (
        <button
          type="button"
          className="fixed inset-0 z-19 bg-black/50 md:hidden"
          aria-label="Close the menu"
          onClick={closeRail}
        />
      )}
      <nav className="rail" aria-label="Pages" data-open={isOpen || undefined}>
        <Link href="/" className="brand hover:no-underline">
          <Mark /> Runledger
        </Link>
        {placesOf(session).map(({ href, label, icon: Icon }) => (
          <Link key={href} href={href} className="rail-link" aria-current={isHere(href) ? 'page' : undefined}>
            <Icon className="size-4" aria-hidden="true" />
            {label}
            {href === '/executions' && open && (
              <Figure
                value={open.open}
                exactness={open.exactness}
                asOf={open.asOf}
                href={null}
                unit="open"
                className="count"
              />
            )}
          </Link>
        ))}
        <SavedViews />
        <div className="mt-auto grid grid-cols-1 gap-2 pt-4">
          {isOperator(session) && (
            <label className="field px-2">
              <span>Shown</span>
              <select value={of} onChange={(event) => chooseScope(event.target.value as typeof of)}>
                <option value="everyone">Everybody’s executions</option>
                <option value="caller">Your own</option>
              </select>
            </label>
          )}
          <ProofChip />
          <div className="flex items-center gap-2 px-2 text-[12.5px] text-faint">
            <span className="truncate" title={session?.user.email}>
              {session?.user.email ?? 'Signed in'}
            </span>
            <button
              type="button"
              className="btn quiet ms-auto"
              aria-label="Sign out"
              title="Sign out"
              onClick={() => void signOut()}
            >
              <LogOut className="size-4" aria-hidden="true" />
            </button>
          </div>
        </div>
      </nav>
    </>
  );
}

/** Nothing of the one is left for the next: what was read is forgotten with the page. */
async function signOut(): Promise<void> {
  await (await loadAuth()).signOut({ scope: 'local' });
  location.assign(new URL('sign-in', document.baseURI));
}
