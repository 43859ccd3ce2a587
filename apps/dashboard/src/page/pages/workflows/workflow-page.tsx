import type { RouterOutputs } from '@runledger/client';
import { RunMarks, useRunledger, useWorkflowStatistics } from '@runledger/client/react';
import { TERMINAL_STATUSES } from '@runledger/contracts/status';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { lastOfAddress } from '../../config.ts';
import { FailureRows } from '../../parts/failure-rows.tsx';
import { Figure } from '../../parts/figure.tsx';
import { duration, durationChange, LEAST_FOR_PERCENTILES, percent, points, signed } from '../../parts/numbers.ts';
import { Panel } from '../../parts/panel.tsx';
import { Empty, Failed, failureOf, Loaded, Loading } from '../../parts/states.tsx';
import { useMissing } from '../../parts/use-missing.ts';
import type { Window } from '../../parts/window.ts';
import { hrefOf, useWindow, windowIn } from '../../parts/window.ts';
import { WindowMenu } from '../../parts/window-menu.tsx';
import { runledger } from '../../runledger.ts';
import { of as scope } from '../../session/scope.ts';
import { Page } from '../../shell/page.tsx';
import { askForProof } from '../../shell/proof-chip.tsx';
import { listHref } from '../executions/list-address.ts';
import { NotFound } from '../not-found.tsx';
import { Quotas } from './quotas.tsx';
import { RunTimeChart } from './run-time-chart.tsx';

type Stats = RouterOutputs['execution']['getWorkflowStatistics'];

const LAST = 30;
/** An operator who looks at everybody's sees everybody's here too; an owner does anyway. */
const everybodys = scope === 'everyone' ? { of: scope } : {};

const USUAL = '-14d';
const statsOf = (workflowId: string, { from, to }: Window) => ({
  ...{ workflowId, from, to, withPrevious: true },
  ...everybodys,
});
const failuresOf = (workflowId: string, { from, to }: Window) => ({ workflowId, from, to, limit: 5, ...everybodys });
const recentOf = (id: string) => ({ workflowIds: [id], last: LAST, ...everybodys });

export function ask(search: string): void {
  const { queryClient, parts } = runledger.make();
  const { execution, workflow } = parts.trpc;
  const id = lastOfAddress();
  const window = windowIn(search, USUAL);
  void queryClient.prefetchQuery(workflow.get.queryOptions({ id }));
  void queryClient.prefetchQuery(execution.getWorkflowStatistics.queryOptions(statsOf(id, window)));
  void queryClient.prefetchQuery(execution.getFailureGroups.queryOptions(failuresOf(id, window)));
  void queryClient.prefetchQuery(execution.recentRuns.queryOptions(recentOf(id)));
  askForProof();
}

export default function WorkflowPage({ id }: { id: string }) {
  const window = useWindow(USUAL);
  const { from, to } = window;
  const { trpc } = useRunledger();
  const workflow = useQuery(trpc.workflow.get.queryOptions({ id }));
  const stats = useWorkflowStatistics(statsOf(id, window));
  const of = stats.data?.of ?? 'caller';
  const failures = useQuery({
    ...trpc.execution.getFailureGroups.queryOptions(failuresOf(id, window)),
    placeholderData: keepPreviousData,
  });
  const recent = useQuery(trpc.execution.recentRuns.queryOptions(recentOf(id)));
  const isMissing = useMissing(id, workflow);
  if (isMissing) return <NotFound what="workflow" />;
  const failure = failureOf(workflow);
  const name = workflow.data?.name ?? 'Workflow';
  return (
    <Page title={name} crumbs={[{ label: 'Workflows', href: '/workflows' }, { label: name }]}>
      {!workflow.data && <h1 className="sr-only">Workflow</h1>}
      {failure ? (
        <Failed what="The workflow" error={failure} retry={() => void workflow.refetch()} />
      ) : (
        !workflow.data && <Loading what="Reading the workflow" />
      )}
      {workflow.data && (
        <>
          <div className="mb-3.5 flex flex-wrap items-baseline gap-3">
            <h1 className="[overflow-wrap:anywhere]">{name}</h1>
            {/* As wide as there is room; on a phone in lines of its own. */}
            <span className="flex-1 text-muted" style={{ flexBasis: 288 }}>
              {workflow.data.description ?? ''} <span className="text-faint">queue</span>{' '}
              <code>{workflow.data.taskQueue}</code>
            </span>
            <WindowMenu text={window.text} />
            {workflow.data.archivedAt === null && (
              <Link href={`/workflows/${id}/start`} className="btn solid">
                Start…
              </Link>
            )}
          </div>
          <Loaded query={stats} what="The figures" rows={2}>
            {(read) => <Tiles stats={read} workflowId={id} />}
          </Loaded>
          <div className="mt-4 grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_340px]">
            <div className="grid gap-4">
              <RunTimeChart workflowId={id} window={{ from, to }} of={of} />
              <Panel
                title="Why it fails"
                aside={
                  <Link href={hrefOf('/failures', { from: window.text.from, to: window.text.to, workflow: id })}>
                    All kinds
                  </Link>
                }
              >
                <Loaded query={failures} what="The failures">
                  {(read) =>
                    read.groups.length === 0 ? (
                      <Empty title="Nothing has failed" />
                    ) : (
                      <FailureRows groups={read.groups} window={read.window} workflowId={id} />
                    )
                  }
                </Loaded>
              </Panel>
            </div>
            <div className="grid gap-4">
              <Panel title={scope === 'caller' ? `Your last ${LAST}` : `Last ${LAST}`}>
                <div className="pad">
                  <RunMarks runs={recent.data?.[id] ?? []} />
                  <p className="mt-2 text-[13px] text-muted">
                    {recent.data && !recent.data[id]?.length
                      ? 'None so far.'
                      : 'Height is run time. Failures are solid.'}
                  </p>
                </div>
              </Panel>
              <Quotas workflowId={id} />
            </div>
          </div>
        </>
      )}
    </Page>
  );
}

function Tiles({ stats, workflowId }: { stats: Stats; workflowId: string }) {
  const { change, exactness, asOf } = stats;
  const window = {
    ...(stats.window.from ? { from: stats.window.from } : {}),
    ...(stats.window.to ? { to: stats.window.to } : {}),
  };
  const filter = { workflowIds: [workflowId], ...window };
  // What all users ran is counted for the owner; the list is of the reader’s own.
  const isListed = stats.of === 'caller';
  const told = (ms: number | null) => (stats.ended < LEAST_FOR_PERCENTILES ? '–' : duration(ms));
  const few = stats.ended < LEAST_FOR_PERCENTILES ? `of ${LEAST_FOR_PERCENTILES} or more` : null;
  const isWorse = (value: number | null | undefined) => (value ?? 0) > 0;
  return (
    <dl className="tiles">
      <Tile label="Ended" note={signed(change?.ended ?? null)}>
        <Figure
          value={stats.ended}
          exactness={exactness.counts}
          asOf={asOf}
          href={isListed ? listHref({ ...filter, status: [...TERMINAL_STATUSES] }) : null}
        />
      </Tile>
      <Tile label="Completed" note={points(change?.successRate ?? null)} isBad={(change?.successRate ?? 0) < 0}>
        {isListed ? (
          <Link href={listHref({ ...filter, status: ['completed'] })}>{percent(stats.successRate)}</Link>
        ) : (
          percent(stats.successRate)
        )}
      </Tile>
      <Tile
        label="Half within"
        note={few ?? durationChange(change?.p50Duration ?? null)}
        isBad={!few && isWorse(change?.p50Duration)}
      >
        {told(stats.p50Duration)}
      </Tile>
      <Tile
        label="95 % within"
        note={few ?? durationChange(change?.p95Duration ?? null)}
        isBad={!few && isWorse(change?.p95Duration)}
      >
        {told(stats.p95Duration)}
      </Tile>
      <Tile
        label="Waiting to begin, 95 %"
        note={few ?? durationChange(change?.p95QueueTime ?? null)}
        isBad={!few && isWorse(change?.p95QueueTime)}
      >
        {told(stats.p95QueueTime)}
      </Tile>
    </dl>
  );
}

function Tile({
  label,
  note,
  isBad = false,
  children,
}: {
  label: string;
  note: string;
  isBad?: boolean;
  children: ReactNode;
}) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {children}
        <small className={`note block font-normal tracking-normal ${isBad ? '!text-danger' : ''}`}>{note}</small>
      </dd>
    </div>
  );
}
