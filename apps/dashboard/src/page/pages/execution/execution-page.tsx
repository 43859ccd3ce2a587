import { useRunledger } from '@runledger/client/react';
import type { DeletedBy } from '@runledger/contracts';
import type { Stage } from '@runledger/contracts/status';
import { stageOf } from '@runledger/contracts/status';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { lastOfAddress } from '../../config.ts';
import { lastListHref, neighbour } from '../../parts/last-list.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { shortId } from '../../parts/row-words.ts';
import { Failed, failureOf, Loaded, Loading } from '../../parts/states.tsx';
import { STATUS_LABELS } from '../../parts/status.tsx';
import { Ago } from '../../parts/time.tsx';
import { useMissing } from '../../parts/use-missing.ts';
import { useSession } from '../../session/session.ts';
import { usePageKeys } from '../../shell/keys.tsx';
import { Page } from '../../shell/page.tsx';
import { askForProof } from '../../shell/proof-chip.tsx';
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
import { useChild } from './use-child.ts';
import { askForParts, useParts } from './use-parts.ts';

const MARKS: Record<Stage, string> = { open: '●', successful: '✓', faulty: '✗', stopped: '⊘' };

const deleterOf = ({ createdBy, userName }: Details, by: DeletedBy, me: string | undefined): string =>
  by === 'retention' ? 'retention' : createdBy === me ? 'you' : (userName ?? 'its owner');

export function ask(): void {
  askForParts(lastOfAddress());
  askForProof();
}

export default function ExecutionPage({ id }: { id: string }) {
  const [, go] = useLocation();
  const parts = useParts(id);
  const { execution: query, details, deletedAt, deletedBy } = parts;
  const me = useSession()?.user.id;
  const isMissing = useMissing(id, query);
  const to = (step: 1 | -1) => () => {
    const next = neighbour(id, step);
    if (next) go(`/executions/${next}`);
  };
  usePageKeys({
    j: to(1),
    k: to(-1),
    y: () => void navigator.clipboard.writeText(location.href),
    i: () => void navigator.clipboard.writeText(id),
    Escape: () => go(lastListHref()),
  });

  if (isMissing && !details) return <NotFound what="execution" />;
  const crumbs = [
    { label: 'Executions', href: lastListHref() },
    ...(details ? [{ label: details.workflow.name, href: `/workflows/${details.workflowId}` }] : []),
    { label: shortId(id) },
  ];
  const failure = failureOf(query);
  if (!details)
    return (
      <Page title="Execution" crumbs={crumbs}>
        <h1 className="sr-only">Execution</h1>
        {failure ? (
          <Failed what="The execution" error={failure} retry={() => void query.refetch()} />
        ) : (
          <Loading rows={6} what="Reading the execution" />
        )}
      </Page>
    );
  const title = `${MARKS[stageOf(details.status)]} ${details.workflow.name} ${STATUS_LABELS[details.status].toLowerCase()}`;
  return (
    <Page title={title} crumbs={crumbs}>
      {deletedAt && (
        <Notice tone="quiet">
          {`It was deleted${deletedBy ? ` by ${deleterOf(details, deletedBy, me)}` : ''} while you looked, `}{' '}
          <Ago at={deletedAt} />. This is what the page still has.
        </Notice>
      )}
      <div className={deletedAt ? 'gone' : ''}>
        <Outcome details={details} sentence={parts.explanation.data?.sentence ?? null} isGone={deletedAt !== null} />
        <ProgressBar details={details} progress={parts.progress.data ?? null} />
        <Facts details={details} asked={parts.requests.data ?? null} />
        <Body details={details} timeline={parts.timeline} />
      </div>
    </Page>
  );
}

function Body({ details, timeline }: { details: Details; timeline: ReturnType<typeof useParts>['timeline'] }) {
  const { trpc } = useRunledger();
  const { id } = details;
  const [step, setStep] = useState<number | null>(null);
  const isOpen = details.completedAt === null;
  // What runs without Temporal has no steps that anybody knows of.
  const isFollowed = details.engine === 'temporal';
  const compared = useQuery({
    ...trpc.execution.compareExecutions.queryOptions({ id }),
    enabled: isFollowed && !isOpen && details.status !== 'completed' && timeline.data?.state !== 'pending',
  });
  const steps = timeline.data?.steps ?? [];
  const failed = steps.findLastIndex(
    ({ kind, status }) =>
      status === 'failed' || status === 'timed_out' || (kind === 'workflow_task' && status !== 'completed'),
  );
  const shown = step ?? (failed === -1 ? null : failed);
  const shownStep = shown === null ? undefined : steps[shown];
  const childId = useChild(steps, shownStep, details);
  const hasAside = shownStep !== undefined || compared.data !== undefined || compared.isError;
  return (
    <div className={`grid items-start gap-4 ${hasAside ? 'lg:grid-cols-[minmax(0,1fr)_372px]' : ''}`}>
      <div className="grid gap-4">
        {isFollowed && (
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
        )}
        <Payloads details={details} />
        <LedgerLog details={details} />
      </div>
      <div className="grid gap-4">
        {shownStep && <StepInspector step={shownStep} childId={childId} />}
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
