import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { isOfApi } from './is-of-api.ts';

/** What a query says of itself (`meta`) that is told what changes, and keeps its rows in their places by that. */
export const FOLLOWS_CHANGES = { runledger: 'follows changes' };

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

/**
 * Reads anew what was read from the API, after something was done there: then nothing that is shown is older than that.
 * @param options.isTold Whether changes are told now: then what follows them is left alone, since its rows would move.
 */
export function readAllAnew(queries: QueryClient, { isTold }: { isTold: boolean }): void {
  for (const query of queries.getQueryCache().findAll({ predicate: isOfApi })) {
    if (isTold && query.meta?.runledger === FOLLOWS_CHANGES.runledger) continue;
    void readAnew(queries, query.queryKey, { cutOff: true });
  }
}

/** Waits for a first reading that is under way, however it ends. */
export async function firstReading(queries: QueryClient, queryKey: QueryKey): Promise<void> {
  const first = underWay(queries, queryKey).filter(({ state }) => state.data === undefined);
  await Promise.allSettled(first.map(({ promise }) => promise));
}

const underWay = (queries: QueryClient, queryKey: QueryKey) =>
  queries.getQueryCache().findAll({ queryKey, fetchStatus: 'fetching' });
