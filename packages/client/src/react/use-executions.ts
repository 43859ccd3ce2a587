import type { ExecutionFilter, FilterParts } from '@runledger/contracts/filter';
import { combineFilter } from '@runledger/contracts/filter';
import { matchesFilter } from '@runledger/contracts/filter-match';
import { resolveFilter } from '@runledger/contracts/filter-window';
import type { InfiniteData, QueryKey, UseInfiniteQueryOptions, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import type { TRPCClientErrorLike } from '@trpc/client';
import { useEffect, useMemo, useRef, useState } from 'react';
import { applyChanges, newcomers } from '../live/apply-changes.ts';
import type { ListInput } from '../live/catch-up.ts';
import { catchUp } from '../live/catch-up.ts';
import { keptRows } from '../live/kept-rows.ts';
import type { LiveConnection } from '../live/live-changes.ts';
import { FOLLOWS_CHANGES, firstReading } from '../live/read-anew.ts';
import type { ExecutionSummary, LiveChange } from '../live/stream-source.ts';
import type { AppRouter, RouterOutputs } from '../router-types.ts';
import { untilIdle } from './until-idle.ts';
import { useLiveConnection, useLiveEvents } from './use-live.ts';
import type { RunledgerParts } from './use-runledger.ts';
import { useRunledger } from './use-runledger.ts';

/** A page of a list, as `listExecutions` answers it. */
export type ExecutionsPage = RouterOutputs['execution']['listExecutions'];

/** What a list shows, and what has come since. */
export interface ExecutionsResult {
  /** In their order; rows change in place and none moves, whatever happens. */
  executions: ExecutionSummary[];
  /** Those among them that have changed so that the filter does not fit them any more; they stay until `showNew`. */
  noLongerFits: ReadonlySet<string>;
  /** Those among them that were deleted meanwhile; they stay as well. */
  deleted: ReadonlySet<string>;
  /** How many have come that the list would show now. */
  newCount: number;
  /** They may be more: whether what changed fits the filter is only known by reading. */
  mayBeNew: boolean;
  /** Reads the list anew, with those that have come. */
  showNew(): void;
}

export interface ExecutionsOptions {
  /** Whether the list follows what changes. Default: true. */
  live?: boolean;
  /** The first page, where a server has read it for this page. */
  initial?: ExecutionsPage | undefined;
}

/** With waits that double from a second on, half a minute in all. */
const CATCH_UP_REPEATS = 5;

const NONE = { of: '', ids: new Set<string>(), mayBeMore: false };

type ExecutionsError = TRPCClientErrorLike<AppRouter>;
type ExecutionsPages = InfiniteData<ExecutionsPage, string | null>;

/** What TanStack Query takes of a list; tRPC’s own type of it has no name outside of tRPC. */
export type ExecutionsQuery = UseInfiniteQueryOptions<
  ExecutionsPage,
  ExecutionsError,
  ExecutionsPages,
  QueryKey,
  string | null
> & { queryKey: QueryKey };

/**
 * How `useExecutions` reads a list. A router's loader begins with it before the list is drawn:
 * `queryClient.prefetchInfiniteQuery(executionsQuery(trpc, input))`.
 */
export const executionsQuery = (trpc: RunledgerParts['trpc'], input: ListInput = {}): ExecutionsQuery =>
  trpc.execution.listExecutions.infiniteQueryOptions(input, {
    getNextPageParam: ({ nextCursor }) => nextCursor,
  }) as unknown as ExecutionsQuery;

/**
 * The caller's executions by a filter, page after page. Rows change in place; those that come wait behind `newCount`, so that
 * nothing moves under a reader. Under another filter the rows of the one before stay until its own have come (`isPlaceholderData`).
 * @returns what `useInfiniteQuery` returns, {@link ExecutionsResult}, and `live`: how current that is.
 */
export function useExecutions(
  input: ListInput = {},
  { live = true, initial }: ExecutionsOptions = {},
): UseInfiniteQueryResult<ExecutionsPages, ExecutionsError> & ExecutionsResult & { live: LiveConnection } {
  const { trpc, client } = useRunledger();
  const queries = useQueryClient();
  const options = executionsQuery(trpc, input);
  const query = useInfiniteQuery({
    ...options,
    // What happened meanwhile is caught up with where the rows are; to read them anew would move them under whoever comes back.
    ...(live ? { refetchOnWindowFocus: false, refetchOnReconnect: false, meta: FOLLOWS_CHANGES } : {}),
    placeholderData: keptRows(queries),
    ...(initial ? { initialData: { pages: [initial], pageParams: [null] } } : {}),
  });
  const filterKey = JSON.stringify(input);
  const [news, setCome] = useState(NONE);
  // What came under another filter is none of this one's.
  const come = news.of === filterKey ? news : NONE;
  const showNew = () => {
    setCome(NONE);
    void queries.invalidateQueries({ queryKey: options.queryKey });
  };
  const known = () => queries.getQueryData(options.queryKey) as InfiniteData<ExecutionsPage> | undefined;
  const add = (ids: readonly string[], mayBeMore: boolean) => {
    if (ids.length === 0 && !mayBeMore) return;
    setCome((last) => {
      const before = last.of === filterKey ? last : NONE;
      const mayBe = before.mayBeMore || mayBeMore;
      return { of: filterKey, ids: new Set([...before.ids, ...ids]), mayBeMore: mayBe };
    });
  };
  const [deleted, setDeleted] = useState(NONE.ids);
  const apply = (changes: readonly LiveChange[]) => {
    const data = known();
    if (!data) return;
    const gone = changes.flatMap((change) => ('deletedId' in change ? [change.deletedId] : []));
    if (gone.length > 0) setDeleted((before) => new Set([...before, ...gone]));
    const pages = applyChanges(data.pages, changes);
    if (pages !== data.pages) queries.setQueryData(options.queryKey, { ...data, pages } as never);
  };
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  const resync = async () => {
    // The first page may have been looked at before what happened: that is caught up with as after a stream that was cut.
    if (!known()) {
      await firstReading(queries, options.queryKey);
      // That is shown first.
      await untilIdle();
    }
    if (isGone.current) return;
    const data = known();
    if (!data) return showNew();
    try {
      const shown = data.pages.flatMap(({ items }) => items);
      const { changes, newIds } = await queries.fetchQuery({
        queryKey: [...options.queryKey, 'catch up'],
        queryFn: () => catchUp(client, input, shown),
        // The server has just come back, or is about to.
        retry: CATCH_UP_REPEATS,
        gcTime: 0,
      });
      apply(changes);
      add(newIds, false);
    } catch {
      // What the hook returns then tells what is wrong, and tries again where that helps.
      if (!isGone.current) showNew();
    }
  };
  useLiveEvents(
    (event) => {
      if (event.kind === 'resync') return void resync();
      const data = known();
      if (!data) return void resync();
      apply(event.changes);
      const { ids, mayBeMore } = newcomers(filterOf(input, Date.now()), data.pages, event.changes);
      add(ids, mayBeMore);
    },
    { enabled: live },
  );
  const { data } = query;
  const executions = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  const asOf = data?.pages[0]?.asOf;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the filter, which is another object each time
  const noLongerFits = useMemo(() => {
    // Those that are still shown are another filter's.
    if (asOf === undefined || query.isPlaceholderData) return NONE.ids;
    // Relative instants are those of the reading: a row does not leave because time goes by.
    const filter = filterOf(input, Date.parse(asOf));
    return new Set(executions.filter((row) => matchesFilter(filter, row) === false).map(({ id }) => id));
  }, [executions, asOf, filterKey, query.isPlaceholderData]);
  const result: ExecutionsResult = {
    executions,
    noLongerFits,
    deleted,
    newCount: [...come.ids].filter((id) => !executions.some((row) => row.id === id)).length,
    mayBeNew: come.mayBeMore,
    showNew,
  };
  return { ...query, ...result, live: useLiveConnection() };
}

/** With relative instants as they are at a time, in milliseconds since 1970. */
function filterOf(
  { limit: _, orderBy: _by, orderDirection: _to, ...parts }: ListInput,
  nowMs: number,
): ExecutionFilter {
  return resolveFilter(combineFilter(parts as FilterParts).filter, nowMs);
}
