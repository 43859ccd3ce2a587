import { executionErrorCode } from '@runledger/client';
import { RotateCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';

/** Becomes true after `ms` milliseconds: what is there at once is never announced. */
function useAfter(ms: number): boolean {
  const [isPast, setPast] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPast(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return isPast;
}

const APPEARS_MS = 300;
const SAYS_MS = 3_000;
const WIDTHS = ['w-2/5', 'w-3/5', 'w-1/2', 'w-1/3'];

/** Grey lines of the height of what will be there; a word where it takes long. */
export function Loading({ rows = 4, what = 'Reading' }: { rows?: number; what?: string }) {
  const isShown = useAfter(APPEARS_MS);
  const isLong = useAfter(SAYS_MS);
  return (
    <div aria-busy="true" className="pad" role="status">
      <div className={isShown ? '' : 'invisible'} aria-hidden="true">
        {Array.from({ length: rows }, (_, row) => (
          <div key={row} className="flex h-11 items-center gap-5">
            <span className="skeleton w-24" />
            <span className={`skeleton ${WIDTHS[row % WIDTHS.length]}`} />
            <span className="skeleton ms-auto w-16" />
          </div>
        ))}
      </div>
      <span className={isLong ? 'text-faint' : 'sr-only'}>{`${what} …`}</span>
    </div>
  );
}

/** @param isPage It is all that the page is about, so its title is the page’s. */
export function Empty({ title, isPage = false, children }: { title: string; isPage?: boolean; children?: ReactNode }) {
  return (
    <div className="empty">
      {isPage ? <h1>{title}</h1> : <b>{title}</b>}
      {children}
    </div>
  );
}

/** What an error says to people; ours carry sentences of their own. */
export function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return executionErrorCode(error) ? message : 'The API does not answer.';
}

/** Names the request for whoever reads the logs. */
const requestIdOf = (error: unknown): string | null =>
  ((error as { data?: { requestId?: string } }).data?.requestId ?? null) as string | null;

/** Never looks like nothing: what failed, that nothing is lost, and a way to go on. */
export function Failed({ what, error, retry }: { what: string; error: unknown; retry?: () => void }) {
  const id = requestIdOf(error);
  return (
    <div className="empty" role="alert">
      <TriangleAlert className="size-5 text-danger" aria-hidden="true" />
      <b>{`${what} could not be loaded`}</b>
      <p>{`${sentenceOf(error)} Nothing is lost; what runs goes on.`}</p>
      <div className="flex gap-2">
        {retry && (
          <button type="button" className="btn solid" onClick={retry}>
            <RotateCw className="size-4" aria-hidden="true" /> Try again
          </button>
        )}
        {id && (
          <button type="button" className="btn" onClick={() => void navigator.clipboard.writeText(id)}>
            {`Copy error id ${id.slice(0, 8)}`}
          </button>
        )}
      </div>
    </div>
  );
}

/** What a query of TanStack Query has to tell. */
interface Query<T> {
  data: T | undefined;
  error: unknown;
  /** Why it was asked the last time in vain, also while it is tried again. */
  failureReason: unknown;
  refetch(): unknown;
}

/**
 * Why a query has nothing to show: that it failed, or that the database gave up on it. That takes so long that it is told while it
 * is tried again.
 */
export function failureOf({ data, error, failureReason }: Omit<Query<unknown>, 'refetch'>): unknown {
  if (data !== undefined) return null;
  return error ?? (executionErrorCode(failureReason) === 'took_too_long' ? failureReason : null);
}

/** One of loading, failed and there. What was read stays where reading it again fails. */
export function Loaded<T>({
  query,
  what,
  rows,
  children,
}: {
  query: Query<T>;
  what: string;
  rows?: number;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  const failure = failureOf(query);
  if (failure) return <Failed what={what} error={failure} retry={() => void query.refetch()} />;
  return <Loading rows={rows} what={`Reading ${what.toLowerCase()}`} />;
}
