import { executionErrorCode } from '@runledger/client';
import { useExecution, useRunledger } from '@runledger/client/react';
import type { Stage } from '@runledger/contracts/status';
import { stageOf } from '@runledger/contracts/status';
import type { QueryKey } from '@tanstack/react-query';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { lastListHref, neighbour } from '../../parts/last-list.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { shortId } from '../../parts/row-words.ts';
import { Failed, Loaded, Loading } from '../../parts/states.tsx';
import { STATUS_LABELS } from '../../parts/status.tsx';
import { usePageKeys } from '../../shell/keys.tsx';
import { Page } from '../../shell/page.tsx';
import { NotFound } from '../not-found.tsx';
import { Compared } from './compared.tsx';
import { Facts } from './facts.tsx';
import { LedgerLog } from './ledger-log.tsx';
import { Outcome } from './outcome.tsx';
import { Payloads } from './payloads.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { StepInspector } from './step-inspector.tsx';
import { StepsPanel } from './steps-panel.tsx';
import type { Details } from './types.ts';

const MARKS: Record<Stage, string> = { open: '●', successful: '✓', faulty: '✗', stopped: '⊘' };

export default function ExecutionPage({ id }: { id: string }) {
  const { trpc } = useRunledger();
  const [, go] = useLocation();
  const query = useExecution(id);
  const known = useDeleted(query.data, query.error);
  const details = known.details;
  const explanation = useQuery({
    ...trpc.execution.explainExecution.queryOptions({ id }),
    enabled: details !== undefined,
    placeholderData: (before) => before,
  });
  useReadAgain(trpc.execution.explainExecution.queryKey({ id }), details?.revision);
  const to = (step: 1 | -1) => () => {
    const next = neighbour(id, step);
    if (next) go(`/executions/${next}`);
  };
  usePageKeys({
    j: to(1),
    k: to(-1),
    y: () => void navigator.clipboard.writeText(location.href),
    i: () => void navigator.clipboard.writeText(id),
    t: () => document.querySelector<HTMLElement>('[data-timeline]')?.focus(),
    Escape: () => go(lastListHref()),
  });

  const code = executionErrorCode(query.error);
  if (!details && (code === 'not_found' || code === 'invalid_input')) return <NotFound what="execution" />;
  const crumbs = [
    { label: 'Executions', href: lastListHref() },
    ...(details ? [{ label: details.workflow.name, href: `/workflows/${details.workflowId}` }] : []),
    { label: shortId(id) },
  ];
  if (!details)
    return (
      <Page title="Execution" crumbs={crumbs}>
        <h1 className="sr-only">Execution</h1>
        {query.error ? (
          <Failed what="The execution" error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading rows={6} what="Reading the execution" />
        )}
      </Page>
    );
  const title = `${MARKS[stageOf(details.status)]} ${details.workflow.name} ${STATUS_LABELS[details.status].toLowerCase()}`;
  return (
    <Page title={title} crumbs={crumbs}>
      {known.isDeleted && (
        <Notice tone="quiet">It was deleted while you looked. This is what the page still has.</Notice>
      )}
      <div className={known.isDeleted ? 'gone' : ''}>
        <Outcome details={details} sentence={explanation.data?.sentence ?? null} isGone={known.isDeleted} />
        <ProgressBar details={details} />
        <Facts details={details} />
        <Body details={details} />
      </div>
    </Page>
  );
}

/** Reads a query anew with each change of the execution but the first, which it was just read for. */
function useReadAgain(queryKey: QueryKey, revision: number | undefined): void {
  const queries = useQueryClient();
  const last = useRef(revision);
  useEffect(() => {
    const isNews = last.current !== undefined && revision !== last.current;
    last.current = revision;
    if (isNews) void queries.invalidateQueries({ queryKey });
  });
}

/** What is deleted while it is looked at stays as it was seen last. */
function useDeleted(data: Details | undefined, error: unknown) {
  const [last, setLast] = useState(data);
  if (data && data !== last) setLast(data);
  const isDeleted = last !== undefined && executionErrorCode(error) === 'not_found';
  return { details: data ?? last, isDeleted };
}

function Body({ details }: { details: Details }) {
  const { trpc } = useRunledger();
  const { id, revision } = details;
  const [step, setStep] = useState<number | null>(null);
  const isOpen = details.completedAt === null;
  const timeline = useQuery({
    ...trpc.execution.getTimeline.queryOptions({ id }),
    // While it runs its steps are Temporal’s to tell; after its end they are kept within a second or two.
    refetchInterval: ({ state }) => (isOpen ? 3_000 : state.data?.state === 'pending' ? 1_000 : false),
    placeholderData: (before) => before,
  });
  useReadAgain(trpc.execution.getTimeline.queryKey({ id }), revision);
  const compared = useQuery({
    ...trpc.execution.compareExecutions.queryOptions({ id }),
    enabled: !isOpen && details.status !== 'completed' && timeline.data?.state !== 'pending',
  });
  const steps = timeline.data?.steps ?? [];
  const failed = steps.findLastIndex(({ status }) => status === 'failed' || status === 'timed_out');
  const shown = step ?? (failed === -1 ? null : failed);
  const hasAside = (shown !== null && steps[shown] !== undefined) || compared.data !== undefined || compared.isError;
  return (
    <div className={`grid items-start gap-4 ${hasAside ? 'lg:grid-cols-[minmax(0,1fr)_372px]' : ''}`}>
      <div className="grid gap-4">
        <Loaded query={timeline} what="The steps" rows={3}>
          {(read) => (
            <StepsPanel
              timeline={read}
              details={details}
              compared={compared.data ?? null}
              selected={shown}
              onSelect={setStep}
            />
          )}
        </Loaded>
        <Payloads details={details} />
        <LedgerLog details={details} />
      </div>
      <div className="grid gap-4">
        {shown !== null && steps[shown] && <StepInspector step={steps[shown]} />}
        {compared.data && <Compared comparison={compared.data} />}
        {compared.error && (
          <Panel title="Against the last success">
            <Failed what="The comparison" error={compared.error} retry={() => void compared.refetch()} />
          </Panel>
        )}
      </div>
    </div>
  );
}
