import type { ExecutionFilter, FilterParts } from '@runledger/contracts/filter';
import { combineFilter } from '@runledger/contracts/filter';
import { resolveFilter } from '@runledger/contracts/filter-window';
import type { InfiniteData } from '@tanstack/react-query';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { applyChanges, newcomers } from '../live/apply-changes.ts';
import type { ExecutionSummary } from '../live/stream-source.ts';
import type { RouterInputs, RouterOutputs } from '../router-types.ts';
import { useLiveConnection, useLiveEvents } from './use-live.ts';
import { useRunledger } from './use-runledger.ts';

type ListInput = Omit<Extract<RouterInputs['execution']['listExecutions'], object>, 'cursor'>;
type Page = RouterOutputs['execution']['listExecutions'];

/** What a list shows, and what has come since. */
export interface ExecutionsResult {
  /** In their order; rows change in place and none moves, whatever happens. */
  executions: ExecutionSummary[];
  /** How many have come that the list would show now. */
  newCount: number;
  /** They may be more: whether what changed fits the filter is only known by reading. */
  mayBeNew: boolean;
  /** Reads the list anew, with those that have come. */
  showNew(): void;
}

const NONE = { ids: new Set<string>(), mayBeMore: false };

/**
 * The caller's executions by a filter, page after page. Rows change in place; those that come wait behind `newCount`, so that
 * nothing moves under a reader.
 * @returns what `useInfiniteQuery` returns, {@link ExecutionsResult}, and `live`: how current that is.
 */
export function useExecutions(input: ListInput = {}) {
  const { trpc } = useRunledger();
  const queries = useQueryClient();
  const options = trpc.execution.listExecutions.infiniteQueryOptions(input, {
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const query = useInfiniteQuery(options);
  const [come, setCome] = useState(NONE);
  const readAnew = () => {
    setCome(NONE);
    void queries.invalidateQueries({ queryKey: options.queryKey });
  };
  useLiveEvents((event) => {
    if (event.kind === 'resync') return readAnew();
    const known = queries.getQueryData(options.queryKey) as InfiniteData<Page> | undefined;
    if (!known) return;
    const pages = applyChanges(known.pages, event.changes);
    if (pages !== known.pages) queries.setQueryData(options.queryKey, { ...known, pages } as never);
    const { ids, mayBeMore } = newcomers(filterOf(input), pages, event.changes);
    if (ids.length === 0 && !mayBeMore) return;
    setCome((before) => ({ ids: new Set([...before.ids, ...ids]), mayBeMore: before.mayBeMore || mayBeMore }));
  });
  const executions = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const result: ExecutionsResult = {
    executions,
    newCount: come.ids.size,
    mayBeNew: come.mayBeMore,
    showNew: readAnew,
  };
  return { ...query, ...result, live: useLiveConnection() };
}

/** As it is now: of a relative instant, what comes is new by the clock of this machine. */
function filterOf({ limit: _, orderBy: _by, orderDirection: _to, ...parts }: ListInput): ExecutionFilter {
  return resolveFilter(combineFilter(parts as FilterParts).filter, Date.now());
}
