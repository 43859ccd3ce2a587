import type { ExecutionFilter, ExecutionOrder } from '@runledger/contracts/filter';
import { encodeFilter, readFilter } from '@runledger/contracts/filter';
import { FILTER_INSTANTS, resolveInstant } from '@runledger/contracts/filter-window';
import type { ExecutionStatus } from '@runledger/contracts/status';
import { EXECUTION_STATUSES, stageOf } from '@runledger/contracts/status';

/** What the address of the list says beside the filter. */
const PAGE_KEYS = ['sort', 'cols', 'tz', 'view'] as const;

const SORTS = ['-started', 'started', '-ended', 'ended', '-took', 'took'] as const;
export type Sort = (typeof SORTS)[number];
const ORDERS: Record<string, ExecutionOrder> = { started: 'started_at', ended: 'completed_at', took: 'duration' };

export interface ListAddress {
  filter: ExecutionFilter;
  /** What the filter's text has beside a filter: said on the page. */
  ignored: string[];
  sort: Sort;
  /** `null`: the usual columns. */
  columns: string[] | null;
  zone: string | null;
  view: string | null;
}

/** Reads `status=failed&from=-24h&sort=-ended&cols=status,why`. */
export function readListAddress(search: string): ListAddress {
  const params = new URLSearchParams(search);
  const page = Object.fromEntries(PAGE_KEYS.map((key) => [key, params.get(key)]));
  for (const key of PAGE_KEYS) params.delete(key);
  const { filter, ignored } = readFilter(params.toString());
  for (const key of FILTER_INSTANTS) {
    const instant = filter[key];
    if (instant === undefined || isInstant(instant)) continue;
    ignored.push(`${key}=${instant}`);
    delete filter[key];
  }
  const sort = SORTS.find((one) => one === page.sort) ?? '-started';
  return {
    filter,
    ignored: page.sort && page.sort !== sort ? [...ignored, `sort=${page.sort}`] : ignored,
    sort,
    columns: page.cols?.split(',').filter(Boolean) ?? null,
    zone: page.tz ?? null,
    view: page.view ?? null,
  };
}

/** As the API takes one: with its time and its zone, or so long before now. */
function isInstant(text: string): boolean {
  const instant = resolveInstant(text, 0);
  return /T.*(Z|[+-]\d\d:\d\d)$/.test(instant) && !Number.isNaN(Date.parse(instant));
}

/** What a list finds in its order: by end and by run time only what has ended. */
export const inOrder = (filter: ExecutionFilter, sort: Sort): ExecutionFilter =>
  sort.endsWith('started') ? filter : { endedFrom: new Date(0).toISOString(), ...filter };

/** Whether the filter has open ones, which the order leaves out. */
export function leavesOutOpen({ filter, sort }: ListAddress): boolean {
  const { status, not, endedFrom, endedTo, minDurationMs, maxDurationMs } = filter;
  const isOpen = (one: ExecutionStatus) => stageOf(one) === 'open';
  if (sort.endsWith('started') || [endedFrom, endedTo, minDurationMs, maxDurationMs].some((part) => part !== undefined))
    return false;
  return (status ?? EXECUTION_STATUSES).some((one) => isOpen(one) && !not?.status?.includes(one));
}

/** The text after `?`; what is as usual is left out. */
export function writeListAddress({ filter, sort = '-started', columns, zone, view }: Partial<ListAddress>): string {
  const parts = [
    encodeFilter(filter ?? {}),
    sort === '-started' ? '' : `sort=${sort}`,
    columns ? `cols=${columns.map(encodeURIComponent).join(',')}` : '',
    zone ? `tz=${encodeURIComponent(zone)}` : '',
    view ? `view=${encodeURIComponent(view)}` : '',
  ];
  return parts.filter(Boolean).join('&');
}

export const PAGE_ROWS = 100;

/** What `listExecutions` is asked for its first page. */
export const listInput = ({ filter, sort }: ListAddress, of: 'caller' | 'everyone') => ({
  filter: encodeFilter(filter),
  ...orderOf(sort),
  limit: PAGE_ROWS,
  of,
});

/** The address of exactly these rows. */
export function listHref(filter: ExecutionFilter, more: Partial<ListAddress> = {}): string {
  const search = writeListAddress({ ...more, filter });
  return search ? `/executions?${search}` : '/executions';
}

export function orderOf(sort: Sort): { orderBy: ExecutionOrder; orderDirection: 'asc' | 'desc' } {
  return {
    orderBy: ORDERS[sort.replace('-', '')] as ExecutionOrder,
    orderDirection: sort.startsWith('-') ? 'desc' : 'asc',
  };
}
