import { executionErrorCode } from '@runledger/client';
import { executionsQuery, useExecutions, useReadAnew, useRunledger } from '@runledger/client/react';
import type { ExecutionFilter } from '@runledger/contracts/filter';
import { encodeFilter } from '@runledger/contracts/filter';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { isZone } from '../../parts/clock.ts';
import { Exactness, Figure } from '../../parts/figure.tsx';
import { rememberList } from '../../parts/last-list.ts';
import { Notice } from '../../parts/notice.tsx';
import { Failed, Loading } from '../../parts/states.tsx';
import type { ListedExecution } from '../../parts/status.tsx';
import { runledger } from '../../runledger.ts';
import { of } from '../../session/scope.ts';
import { usePageKeys } from '../../shell/keys.tsx';
import { Page } from '../../shell/page.tsx';
import { askForProof } from '../../shell/proof-chip.tsx';
import { Announce } from './announce.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { ColumnMenu } from './column-menu.tsx';
import { shownColumns } from './columns.tsx';
import { ExportMenu } from './export-menu.tsx';
import { FilterBar } from './filter-bar.tsx';
import { Histogram } from './histogram.tsx';
import type { ListAddress } from './list-address.ts';
import { inOrder, leavesOutOpen, listInput, PAGE_ROWS, readListAddress, writeListAddress } from './list-address.ts';
import { NewsLine } from './news-line.tsx';
import { NoRows } from './no-rows.tsx';
import { Rows } from './rows.tsx';
import { useScrollKept } from './scroll-kept.ts';
import { useSelection } from './selection.ts';
import { TooMuch } from './too-much.tsx';
import { useNames } from './use-names.ts';
import { ViewMenu } from './view-menu.tsx';

export function ask(search: string): void {
  const { queryClient, parts } = runledger.make();
  void queryClient.prefetchInfiniteQuery(executionsQuery(parts.trpc, listInput(readListAddress(search), of)));
  // Beside every page.
  askForProof();
}

export default function ExecutionsPage() {
  const search = useSearch();
  const [, go] = useLocation();
  const address = readListAddress(search);
  const { filter, sort, zone } = address;
  const ignored = zone && !isZone(zone) ? [...address.ignored, `tz=${zone}`] : address.ignored;
  const columnNames = address.columns?.join() ?? null;
  const columns = useMemo(() => shownColumns(columnNames?.split(',') ?? null), [columnNames]);
  const text = encodeFilter(filter);
  const list = useExecutions(listInput(address, of));
  const { trpc } = useRunledger();
  const readAnew = useReadAnew();
  const counted = trpc.execution.countExecutions.queryOptions({ filter: encodeFilter(inOrder(filter, sort)), of });
  const count = useQuery(counted);
  const { names, workflows } = useNames(filter);
  const rows = list.executions as ListedExecution[];
  const selection = useSelection(rows, search);
  // Rows of another filter that wait for these.
  const isWaiting = list.isPlaceholderData;
  useScrollKept(`${text}&${sort}`, rows.length > 0 && !isWaiting);
  rememberList(search, rows);

  function change(next: Partial<ListAddress>, { isNew = true } = {}): void {
    const written = writeListAddress({ ...address, ...next });
    go(written ? `/executions?${written}` : '/executions', { replace: !isNew });
  }
  const put = (next: ExecutionFilter) => change({ filter: next });
  const showNew = () => {
    list.showNew();
    readAnew(counted.queryKey);
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
      {leavesOutOpen(address) && (
        <Notice tone="quiet" action={{ label: 'Newest first', run: () => change({ sort: '-started' }) }}>
          In this order the list has only what has ended.
        </Notice>
      )}
      <Histogram filter={filter} isListed={!list.isPending && !isWaiting} onWindow={put} />
      {/* Also while it is tried again: each time takes as long. */}
      {(rows.length === 0 || isWaiting) && executionErrorCode(list.failureReason) === 'took_too_long' && (
        <TooMuch filter={filter} onChange={put} />
      )}
      <div className="panel" aria-busy={isWaiting}>
        <NewsLine
          shown={rows.length}
          newCount={list.newCount}
          mayBeNew={list.mayBeNew}
          readAt={list.dataUpdatedAt}
          onShow={showNew}
        />
        {(list.isPending || (isWaiting && rows.length === 0)) && <Loading rows={8} what="Reading executions" />}
        {list.isError && rows.length === 0 && (
          <Failed what="The list" error={list.error} retry={() => void list.refetch()} />
        )}
        {list.isSuccess && !isWaiting && rows.length === 0 && (
          <NoRows filter={filter} onChange={put} names={names} workflows={workflows} />
        )}
        {rows.length > 0 && (
          <Rows
            rows={rows}
            columns={columns}
            noLongerFits={list.noLongerFits}
            deleted={list.deleted}
            sort={sort}
            selected={selection.selected}
            current={selection.current}
            onSort={(next) => change({ sort: next })}
            onSelect={selection.toggle}
            onSelectAll={selection.selectAll}
            caption={`Executions${text ? ', filtered' : ''}`}
          />
        )}
        {list.hasNextPage && !isWaiting && (
          <div className="flex items-center gap-3 border-t border-line px-4 py-2.5 text-[13px] text-muted">
            <button
              type="button"
              className="btn"
              disabled={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              {list.isFetchingNextPage ? 'Reading …' : `Show ${PAGE_ROWS} more`}
            </button>
            {`${rows.length} shown`}
          </div>
        )}
      </div>
      <Announce rows={rows} />
      <BulkBar rows={rows.filter(({ id }) => selection.selected.has(id))} onClear={selection.clear} />
    </Page>
  );
}
