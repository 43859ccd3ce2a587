import { useRunledger } from '@runledger/client/react';
import { formatDuration } from '@runledger/contracts/format-duration';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { shortId, tookOf } from '../../parts/row-words.ts';
import { Ago, useNow } from '../../parts/time.tsx';
import { UserName } from '../../parts/user-name.tsx';
import { listHref } from '../executions/list-address.ts';
import type { Details } from './types.ts';

const ORIGINS: Record<Details['origin'], string> = {
  api: 'through the API',
  backend: 'by the backend',
  schedule: 'by a schedule',
  adopted: 'outside of the ledger',
  import: 'imported',
  unknown: '',
};

export function Facts({ details }: { details: Details }) {
  const now = useNow();
  const { trpc } = useRunledger();
  const { data: asked } = useQuery(trpc.execution.getRequests.queryOptions({ id: details.id }));
  const took = tookOf(details, now);
  const queued =
    details.firstTaskAt && details.engineStartedAt
      ? Date.parse(details.firstTaskAt) - Date.parse(details.engineStartedAt)
      : null;
  const facts: [string, ReactNode][] = [
    ['Workflow', <Link href={`/workflows/${details.workflowId}`}>{details.workflow.name}</Link>],
    [
      'Started by',
      <>
        <UserName of={details} /> {ORIGINS[details.origin]}
      </>,
    ],
    ['Started', <Ago at={details.startedAt} />],
    [
      details.completedAt === null ? 'Runs for' : 'Took',
      took === null ? (
        '–'
      ) : (
        <>
          {formatDuration(took)}{' '}
          {details.usual && (
            <small className="font-normal text-muted">{`usual ${formatDuration(details.usual.p50)}`}</small>
          )}
        </>
      ),
    ],
    ['Queued', queued === null ? null : formatDuration(Math.max(0, queued))],
    ['Runs', details.runCount],
    [
      'Tags',
      details.tags.length === 0
        ? null
        : details.tags.map((tag) => (
            <Link key={tag} className="tag" href={listHref({ tags: [tag] })}>
              {tag}
            </Link>
          )),
    ],
    ['Verdict', details.verdict],
    [
      'Rerun of',
      asked?.rerunOf ? (
        <Link href={`/executions/${asked.rerunOf.executionId}`}>{shortId(asked.rerunOf.executionId)}</Link>
      ) : null,
    ],
    [
      'Rerun as',
      asked?.requests
        .flatMap(({ rerunId }) => (rerunId ? [rerunId] : []))
        .map((id) => (
          <Link key={id} className="me-2" href={`/executions/${id}`}>
            {shortId(id)}
          </Link>
        )),
    ],
    ['Id', <code title={details.id}>{`${details.id.slice(0, 4)}…${details.id.slice(-4)}`}</code>],
  ];
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0))
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
