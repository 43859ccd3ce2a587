import { executionErrorCode } from '@runledger/client';
import { useRunledger } from '@runledger/client/react';
import type { ExecutionFilter } from '@runledger/contracts/filter';
import { encodeFilter } from '@runledger/contracts/filter';
import { windowOf } from '@runledger/contracts/filter-window';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { BarPoint } from '../../parts/bars.tsx';
import { Bars } from '../../parts/bars.tsx';
import { useZone } from '../../parts/time.tsx';
import { of } from '../../session/scope.ts';

const HOUR_MS = 3_600_000;
const USUAL = '-24h';

/** The window of a filter: of ends where it speaks of nothing but those. What is left of the filter goes with it. */
function windowed({ from, to, endedFrom, endedTo, ...rest }: ExecutionFilter) {
  const isByEnd = (endedFrom ?? endedTo) !== undefined && (from ?? to) === undefined;
  return isByEnd
    ? { by: 'end' as const, from: endedFrom ?? USUAL, to: endedTo, rest }
    : {
        by: 'start' as const,
        from: from ?? USUAL,
        to,
        rest: { ...rest, ...(endedFrom ? { endedFrom } : {}), ...(endedTo ? { endedTo } : {}) },
      };
}

/**
 * When the executions of the list were started, or ended where it is of ends; drag over it to look closer. Its place is kept from the
 * beginning, so that rows never move for it, and it asks after the rows have come.
 * @param isListed Whether they have.
 */
export function Histogram({
  filter,
  isListed,
  onWindow,
}: {
  filter: ExecutionFilter;
  isListed: boolean;
  onWindow(filter: ExecutionFilter): void;
}) {
  const { trpc } = useRunledger();
  const timeZone = useZone();
  const { by, rest, ...asked } = windowed(filter);
  // The window slides with whole minutes, so that the question stays the same one meanwhile.
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  const window = useMemo(() => {
    const { from, to } = windowOf({ from: asked.from, ...(asked.to ? { to: asked.to } : {}) }, minute);
    return { from: from as string, to: to ?? new Date(minute + 60_000).toISOString() };
  }, [asked.from, asked.to, minute]);
  const length = Date.parse(window.to) - Date.parse(window.from);
  const step =
    length <= 2 * HOUR_MS ? ('5min' as const) : length <= 72 * HOUR_MS ? ('hour' as const) : ('day' as const);
  // Of a workflow alone, counters say it at any size.
  const { workflowId, workflowIds, ...others } = rest;
  const single = workflowId ?? (workflowIds?.length === 1 ? workflowIds[0] : undefined);
  const text = encodeFilter(single ? others : rest);
  const { data, error, isLoading, isPlaceholderData } = useQuery({
    ...trpc.execution.getTimeSeries.queryOptions({
      ...window,
      of,
      step,
      timeZone,
      by,
      ...(single ? { workflowId: single } : {}),
      ...(text ? { filter: text } : {}),
    }),
    enabled: isListed && length > 0,
    placeholderData: keepPreviousData,
  });
  const verb = by === 'end' ? 'ended' : 'started';
  const isDrawn = data?.points.some(({ total }) => total > 0) === true;
  const why = error
    ? executionErrorCode(error) === 'invalid_input'
      ? `There are no bars of so many. Choose a shorter window to see when they ${verb}.`
      : 'The bars could not be read.'
    : data && `None ${verb} ${asked.from === USUAL && !asked.to ? 'in the last 24 hours' : 'in this window'}.`;
  const points = (data?.points ?? []).map(
    (point): BarPoint => ({
      startsAt: point.startsAt,
      endsAt: point.endsAt,
      ok: point.completed,
      bad: point.failed + point.timedOut,
      rest: point.pending + point.running + point.cancelled + point.terminated,
    }),
  );
  const onBrush = (from: string, to: string) =>
    onWindow({ ...filter, ...(by === 'end' ? { endedFrom: from, endedTo: to } : { from, to }) });
  return (
    <div className="panel mb-3 min-h-[91px] px-3 pt-2 pb-1" aria-busy={!isListed || isLoading || isPlaceholderData}>
      {isDrawn ? (
        <Bars points={points} label={by === 'end' ? 'Ended' : 'Started'} onWindow={onBrush} />
      ) : (
        <p className="grid min-h-20 place-items-center text-[13px] text-muted">{why}</p>
      )}
    </div>
  );
}
