import type { QueryClient, QueryKey } from '@tanstack/react-query';

/**
 * Reads a query anew after what it shows has changed. A reading that is under way may have looked before that: the first one, which
 * TanStack Query does not begin again, is awaited and followed by another.
 * @param options.cutOff Whether a later one that is under way is given up, so that its older answer is not shown. Otherwise it is
 *   awaited too, so that changes that come faster than answers do not keep them from being shown. Default: false.
 */
export async function readAnew(queries: QueryClient, queryKey: QueryKey, { cutOff = false } = {}): Promise<void> {
  const awaited = underWay(queries, queryKey).filter(({ state }) => !cutOff || state.data === undefined);
  await Promise.allSettled(awaited.map(({ promise }) => promise));
  // Several that waited for one reading share the next.
  await queries.invalidateQueries({ queryKey }, { cancelRefetch: cutOff && awaited.length === 0 });
}

/** Waits for a first reading that is under way, however it ends. */
export async function firstReading(queries: QueryClient, queryKey: QueryKey): Promise<void> {
  const first = underWay(queries, queryKey).filter(({ state }) => state.data === undefined);
  await Promise.allSettled(first.map(({ promise }) => promise));
}

const underWay = (queries: QueryClient, queryKey: QueryKey) =>
  queries.getQueryCache().findAll({ queryKey, fetchStatus: 'fetching' });
