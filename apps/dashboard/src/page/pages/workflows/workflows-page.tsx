import { RunMarks, useRunledger } from '@runledger/client/react';
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { Figure } from '../../parts/figure.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { useLinkKeys } from '../../parts/use-link-keys.ts';
import { runledger } from '../../runledger.ts';
import { of } from '../../session/scope.ts';
import { Page } from '../../shell/page.tsx';
import { askForProof } from '../../shell/proof-chip.tsx';
import { listHref } from '../executions/list-address.ts';

/** As many as strips of recent outcomes are read of in one call. */
const PAGE_ROWS = 100;
const LAST = 30;
const isOwn = of === 'caller';

type Trpc = ReturnType<typeof useRunledger>['trpc'];

const listQuery = (trpc: Trpc) =>
  trpc.workflow.list.infiniteQueryOptions(
    { limit: PAGE_ROWS },
    { getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined },
  );

export function ask(): void {
  const { queryClient, parts } = runledger.make();
  void queryClient.prefetchInfiniteQuery(listQuery(parts.trpc));
  void queryClient.prefetchQuery(parts.trpc.execution.getWorkflowCounters.queryOptions({ of }));
  askForProof();
}

/** Everything that the caller may start, and how the last of each went. */
export default function WorkflowsPage() {
  const { trpc } = useRunledger();
  const list = useInfiniteQuery(listQuery(trpc));
  const pages = list.data?.pages ?? [];
  const rows = pages.flatMap(({ items }) => items);
  // Each page’s own: what was read of those before stays.
  const recent = useQueries({
    queries: pages
      .filter(({ items }) => items.length > 0)
      .map(({ items }) =>
        trpc.execution.recentRuns.queryOptions({ workflowIds: items.map(({ id }) => id), last: LAST, of }),
      ),
  });
  const runsOf = (id: string) => recent.flatMap(({ data }) => data?.[id] ?? []);
  useLinkKeys('table.tbl th a');
  const counters = useQuery(trpc.execution.getWorkflowCounters.queryOptions({ of }));
  const countOf = new Map(counters.data?.map((one) => [one.workflowId, one]));
  return (
    <Page title="Workflows" crumbs={[]}>
      <h1 className="mb-3.5">Workflows</h1>
      <div className="panel">
        <Loaded query={list} what="The workflows" rows={6}>
          {() =>
            rows.length === 0 ? (
              <Empty title="Nothing can be started so far">
                <p>A workflow is defined by your backend, or over the API with workflow.create.</p>
              </Empty>
            ) : (
              <table className="tbl">
                <caption className="sr-only">Workflows that you may start</caption>
                <thead>
                  <tr>
                    <th scope="col">Workflow</th>
                    <th scope="col" className="max-sm:hidden">
                      {isOwn ? `Your last ${LAST}` : `Last ${LAST}`}
                    </th>
                    <th scope="col" className="num">
                      {isOwn ? 'Yours' : 'Everybody’s'}
                    </th>
                    <th scope="col" className="max-lg:hidden">
                      Task queue
                    </th>
                    <th scope="col">
                      <span className="sr-only">Start</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map(({ id, name, description, taskQueue, publisher }) => {
                    const count = countOf.get(id);
                    return (
                      <tr key={id}>
                        <th scope="row" className="[overflow-wrap:anywhere]">
                          <Link href={`/workflows/${id}`} className="text-[14px] font-[560] text-foreground">
                            {name}
                          </Link>
                          <span className="sub font-normal">
                            {description ?? (publisher?.name ? `published by ${publisher.name}` : '')}
                          </span>
                        </th>
                        <td className="max-sm:hidden">
                          <RunMarks runs={runsOf(id)} />
                        </td>
                        <td className="num">
                          {count ? (
                            <Figure
                              value={count.total}
                              exactness={count.exactness}
                              asOf={count.asOf}
                              href={listHref({ workflowIds: [id] })}
                            />
                          ) : (
                            '–'
                          )}
                        </td>
                        <td className="max-lg:hidden">
                          <code className="text-muted">{taskQueue}</code>
                        </td>
                        <td className="num">
                          <Link href={`/workflows/${id}/start`} className="btn" aria-label={`Start ${name}`}>
                            Start…
                          </Link>
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            )
          }
        </Loaded>
        {list.hasNextPage && (
          <div className="border-t border-line px-4 py-2.5">
            <button
              type="button"
              className="btn"
              disabled={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              {list.isFetchingNextPage ? 'Reading …' : 'Show more'}
            </button>
          </div>
        )}
      </div>
    </Page>
  );
}
