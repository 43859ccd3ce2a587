import { useRunledger } from '@runledger/client/react';
import type { ExecutionFilter } from '@runledger/contracts/filter';
import { windowOf } from '@runledger/contracts/filter-window';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { BarPoint } from '../../parts/bars.tsx';
import { Bars } from '../../parts/bars.tsx';
import { useZone } from '../../parts/time.tsx';
import { of } from '../../session/scope.ts';

const HOUR_MS = 3_600_000;
/** Parts of a filter that the series knows too; bars of other rows are never shown. */
const KNOWN = new Set(['from', 'to', 'workflowId', 'workflowIds']);
const USUAL = '-24h';

/** When the executions of the list were started, where the numbers are of exactly these; drag over it to look closer. */
export function Histogram({
  filter,
  onWindow,
}: {
  filter: ExecutionFilter;
  onWindow: (from: string, to: string) => void;
}) {
  const { trpc } = useRunledger();
  const timeZone = useZone();
  const workflowId = filter.workflowId ?? (filter.workflowIds?.length === 1 ? filter.workflowIds[0] : undefined);
  const isKnown =
    Object.keys(filter).every((key) => KNOWN.has(key)) &&
    (filter.workflowIds?.length ?? 0) <= 1 &&
    !filter.to?.startsWith('-');
  // The window slides with whole minutes, so that the question stays the same one meanwhile.
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  const window = useMemo(() => {
    const { from, to } = windowOf({ from: filter.from ?? USUAL, ...(filter.to ? { to: filter.to } : {}) }, minute);
    return { from: from as string, to: to ?? new Date(minute + 60_000).toISOString() };
  }, [filter.from, filter.to, minute]);
  const length = Date.parse(window.to) - Date.parse(window.from);
  const step =
    length <= 2 * HOUR_MS ? ('5min' as const) : length <= 72 * HOUR_MS ? ('hour' as const) : ('day' as const);
  const { data } = useQuery({
    ...trpc.execution.getTimeSeries.queryOptions({
      ...window,
      of,
      step,
      timeZone,
      ...(workflowId ? { workflowId } : {}),
    }),
    enabled: isKnown && length > 0,
    placeholderData: keepPreviousData,
  });
  if (!isKnown || !data || data.points.length === 0) return null;
  const points = data.points.map(
    (point): BarPoint => ({
      startsAt: point.startsAt,
      endsAt: point.endsAt,
      ok: point.completed,
      bad: point.failed + point.timedOut,
      rest: point.pending + point.running + point.cancelled + point.terminated,
    }),
  );
  return (
    <div className="panel mb-3 px-3 pt-2 pb-1">
      <Bars points={points} label="Started" onWindow={onWindow} />
    </div>
  );
}
