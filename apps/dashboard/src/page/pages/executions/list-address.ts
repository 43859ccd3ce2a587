import type { ExecutionFilter, ExecutionOrder } from '@runledger/contracts/filter';
import { encodeFilter, readFilter } from '@runledger/contracts/filter';

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
