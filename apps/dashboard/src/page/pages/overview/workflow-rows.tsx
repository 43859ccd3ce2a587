import { RunMarks, useRunledger } from '@runledger/client/react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { Figure } from '../../parts/figure.tsx';
import { duration, percent } from '../../parts/numbers.ts';
import { Panel } from '../../parts/panel.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { of } from '../../session/scope.ts';
import { listHref } from '../executions/list-address.ts';

const SHOWN = 8;
const LAST = 30;

/** The workflows with most executions, and how the last of each went. */
export function WorkflowRows({ window }: { window: { from: string; to: string } }) {
  const { trpc } = useRunledger();
  const top = useQuery({
    ...trpc.execution.getTopWorkflows.queryOptions({ ...window, limit: SHOWN, of }),
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
                  <th scope="col">Average run time</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.workflowId}>
                    <th scope="row">
                      <Link
                        href={`/workflows/${row.workflowId}`}
                        className="text-[14px] font-[560] text-foreground [overflow-wrap:anywhere]"
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
                      <span className="sub">completed</span>
                    </td>
                    <td className="num max-sm:hidden">
                      {duration(row.avgDuration)}
                      <span className="sub">on average</span>
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
