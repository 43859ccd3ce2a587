import { useExecutions, useLiveConnection, useRunledger } from '@runledger/client/react';
import type { ExecutionFilter } from '@runledger/contracts/filter';
import { encodeFilter } from '@runledger/contracts/filter';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useSearch } from 'wouter';
import { Exactness, Figure } from '../../parts/figure.tsx';
import { rememberList } from '../../parts/last-list.ts';
import { Notice } from '../../parts/notice.tsx';
import { Failed, Loading } from '../../parts/states.tsx';
import type { ListedExecution } from '../../parts/status.tsx';
import { useClock } from '../../parts/time.tsx';
import { of } from '../../session/scope.ts';
import { usePageKeys } from '../../shell/keys.tsx';
import { Page } from '../../shell/page.tsx';
import { Announce } from './announce.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { ColumnMenu } from './column-menu.tsx';
import { shownColumns } from './columns.tsx';
import { ExportMenu } from './export-menu.tsx';
import { FilterBar } from './filter-bar.tsx';
import { Histogram } from './histogram.tsx';
import type { ListAddress } from './list-address.ts';
import { orderOf, readListAddress, writeListAddress } from './list-address.ts';
import { NoRows } from './no-rows.tsx';
import { Rows } from './rows.tsx';
import { useScrollKept } from './scroll-kept.ts';
import { useSelection } from './selection.ts';
import { useNames } from './use-names.ts';
import { ViewMenu } from './view-menu.tsx';

const PAGE_ROWS = 100;
/** More are not drawn at a time: the page stays quick, and nobody reads them. */
const MOST_ROWS = 500;

export default function ExecutionsPage() {
  const search = useSearch();
  const [, go] = useLocation();
  const address = readListAddress(search);
  const { filter, sort, ignored } = address;
  const columns = shownColumns(address.columns);
  const text = encodeFilter(filter);
  const list = useExecutions({ filter: text, ...orderOf(sort), limit: PAGE_ROWS, of });
  const { trpc } = useRunledger();
  const count = useQuery(trpc.execution.countExecutions.queryOptions({ filter: text, of }));
  const { names, workflows } = useNames();
  const rows = list.executions.slice(-MOST_ROWS) as ListedExecution[];
  const selection = useSelection(rows);
  useScrollKept(`${text}&${sort}`, rows.length > 0);
  rememberList(search, rows);

  function change(next: Partial<ListAddress>, { isNew = true } = {}): void {
    const written = writeListAddress({ ...address, ...next });
    go(written ? `/executions?${written}` : '/executions', { replace: !isNew });
  }
  const put = (next: ExecutionFilter) => change({ filter: next });
  const showNew = () => {
    list.showNew();
    void count.refetch();
  };
  usePageKeys({
    j: () => selection.move(1),
    k: () => selection.move(-1),
    Enter: () => selection.current && go(`/executions/${selection.current}`),
    x: () => selection.current && selection.toggle(selection.current, false),
    'Shift+X': () => selection.current && selection.toggle(selection.current, true),
    n: showNew,
    e: () =>
      put(filter.status?.join() === 'failed' ? { ...filter, status: undefined } : { ...filter, status: ['failed'] }),
    f: () => document.querySelector<HTMLButtonElement>('.add-filter')?.click(),
    y: () => void navigator.clipboard.writeText(location.href),
    i: () => selection.current && void navigator.clipboard.writeText(selection.current),
    Escape: selection.clear,
  });

  return (
    <Page title="Executions" crumbs={[]}>
      <div className="mb-3.5 flex flex-wrap items-baseline gap-3">
        <h1>Executions</h1>
        {count.data && (
          <>
            <Figure value={count.data.count} exactness={count.data.exactness} asOf={count.data.asOf} href={null} />
            <Exactness value={count.data.count} exactness={count.data.exactness} asOf={count.data.asOf} />
          </>
        )}
      </div>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <FilterBar filter={filter} names={names} workflows={workflows} onChange={put} />
        <span className="flex-1" />
        <ViewMenu address={address} onView={(view) => change({ view }, { isNew: false })} />
        <ColumnMenu columns={columns} onChange={(next) => change({ columns: next })} />
        <ExportMenu filter={of === 'everyone' ? [text, 'of=everyone'].filter(Boolean).join('&') : text} />
      </div>
      {ignored.length > 0 && (
        <Notice>{`This link has a filter that this version does not know: ${ignored.join(', ')}. It is left out.`}</Notice>
      )}
      <Behind asOf={list.dataUpdatedAt} retry={() => void list.refetch()} />
      <Histogram filter={filter} onWindow={(from, to) => put({ ...filter, from, to })} />
      <div className={`panel ${list.isPlaceholderData ? 'opacity-60' : ''}`}>
        {(list.newCount > 0 || list.mayBeNew) && (
          <button
            type="button"
            className="flex min-h-8 w-full items-center justify-center border-b border-line bg-primary/7 font-[540] text-primary"
            onClick={showNew}
          >
            {list.newCount > 0 ? `${list.newCount} new` : 'There may be new ones'}
          </button>
        )}
        {list.isPending && <Loading rows={8} what="Reading executions" />}
        {list.isError && rows.length === 0 && (
          <Failed what="The list" error={list.error} retry={() => void list.refetch()} />
        )}
        {list.isSuccess && rows.length === 0 && (
          <NoRows filter={filter} onChange={put} names={names} workflows={workflows} />
        )}
        {rows.length > 0 && (
          <Rows
            rows={rows}
            columns={columns}
            filter={filter}
            sort={sort}
            selected={selection.selected}
            current={selection.current}
            onSort={(next) => change({ sort: next })}
            onSelect={selection.toggle}
            onSelectAll={selection.selectAll}
            caption={`Executions${text ? ', filtered' : ''}`}
          />
        )}
        {list.hasNextPage && (
          <div className="flex items-center gap-3 border-t border-line px-4 py-2.5 text-[13px] text-muted">
            <button
              type="button"
              className="btn"
              disabled={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              {list.isFetchingNextPage ? 'Reading …' : `Show ${PAGE_ROWS} more`}
            </button>
            {list.executions.length > rows.length
              ? `The last ${rows.length} of ${list.executions.length} that were read`
              : `${rows.length} shown`}
          </div>
        )}
      </div>
      <Announce rows={rows} />
      <BulkBar rows={rows.filter(({ id }) => selection.selected.has(id))} onClear={selection.clear} />
    </Page>
  );
}

const SAYS_AFTER_MS = 60_000;

/** Where the stream is gone: as of when the rows are. */
function Behind({ asOf, retry }: { asOf: number; retry: () => void }) {
  const clock = useClock();
  const { state, since } = useLiveConnection();
  const isBehind = state === 'reconnecting' || state === 'failed';
  if (!isBehind || asOf === 0) return null;
  const isLong = Date.now() - since > SAYS_AFTER_MS;
  return (
    <Notice action={{ label: 'Now', run: retry }}>
      {`As of ${clock.timeOf(new Date(Math.max(asOf, since)).toISOString())}. ${
        isLong ? 'The API has been away for more than a minute' : 'The connection is away'
      }; the rows below may have moved on.`}
    </Notice>
  );
}
