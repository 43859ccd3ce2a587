import type { RouterOutputs } from '@runledger/client';
import { RunMarks, useRunledger } from '@runledger/client/react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Figure } from '../../parts/figure.tsx';
import { duration, durationChange, LEAST_FOR_PERCENTILES, percent, points } from '../../parts/numbers.ts';
import { Panel } from '../../parts/panel.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import type { Window } from '../../parts/window.ts';
import { of } from '../../session/scope.ts';
import { listHref } from '../executions/list-address.ts';

const SHOWN = 8;
const LAST = 30;
/** Of the run time: percentiles are within 2 % each, so that less may be none. */
const NOTICED = 0.05;

type Top = RouterOutputs['execution']['getTopWorkflows'][number];

export const topOf = ({ from, to }: Window) => ({ from, to, withPrevious: true, limit: SHOWN, of });

/** The workflows with most executions, and how the last of each went. */
export function WorkflowRows({ window }: { window: Window }) {
  const { trpc } = useRunledger();
  const top = useQuery({
    ...trpc.execution.getTopWorkflows.queryOptions(topOf(window)),
    placeholderData: keepPreviousData,
  });
  const ids = (top.data ?? []).map(({ workflowId }) => workflowId);
  const recent = useQuery({
    ...trpc.execution.recentRuns.queryOptions({ workflowIds: ids, last: LAST, of }),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  });
  return (
    <Panel title="Workflows" aside={<Link href="/workflows">All</Link>}>
      <Loaded query={top} what="The workflows">
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="Nothing was started in this window" />
          ) : (
            <table className="tbl">
              <caption className="sr-only">Workflows with most executions</caption>
              <thead className="sr-only">
                <tr>
                  <th scope="col">Workflow</th>
                  <th scope="col">Last {LAST}</th>
                  <th scope="col">Executions</th>
                  <th scope="col">Completed</th>
                  <th scope="col">Run time</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.workflowId}>
                    <th scope="row">
                      <Link
                        href={`/workflows/${row.workflowId}`}
                        className="line-clamp-2 text-[14px] font-[560] text-foreground [overflow-wrap:anywhere]"
                        title={row.name ?? undefined}
                        dir="auto"
                      >
                        {row.name ?? 'Deleted workflow'}
                      </Link>
                    </th>
                    <td className="max-lg:hidden">
                      <RunMarks runs={recent.data?.[row.workflowId] ?? []} />
                    </td>
                    <td className="num">
                      <Figure
                        value={row.total}
                        exactness={row.exactness}
                        asOf={row.asOf}
                        href={listHref({ workflowIds: [row.workflowId], ...window })}
                      />
                      <span className="sub">{row.total === 1 ? 'execution' : 'executions'}</span>
                    </td>
                    <td className="num">
                      {percent(row.successRate)}
                      <Change by={row.change?.successRate ?? 0} isBad={(by) => by < 0}>
                        {row.change?.successRate ? points(row.change.successRate) : 'completed'}
                      </Change>
                    </td>
                    <td className="num max-sm:hidden">
                      <RunTime row={row} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </Panel>
  );
}

/** What has become worse since the window before is coloured. */
function Change({ by, isBad, children }: { by: number; isBad: (by: number) => boolean; children: ReactNode }) {
  return <span className={isBad(by) ? 'sub !text-danger' : 'sub'}>{children}</span>;
}

/** What 95 of 100 do not exceed, and how much longer that is than before; the average of few. */
function RunTime({ row }: { row: Top }) {
  if (row.total - row.pending - row.running < LEAST_FOR_PERCENTILES)
    return (
      <>
        {duration(row.avgDuration)}
        <span className="sub">on average</span>
      </>
    );
  const by = row.change?.p95Duration ?? null;
  return (
    <>
      {duration(row.p95Duration)}
      <Change by={by ?? 0} isBad={(more) => more > NOTICED * (row.p95Duration ?? 0)}>
        {`p95${by === null ? '' : `, ${durationChange(by)}`}`}
      </Change>
    </>
  );
}
