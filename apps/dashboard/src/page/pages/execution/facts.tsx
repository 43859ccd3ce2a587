import { formatDuration } from '@runledger/contracts/format-duration';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { shortId, tookOf } from '../../parts/row-words.ts';
import { Ago, useNow } from '../../parts/time.tsx';
import { UserName } from '../../parts/user-name.tsx';
import { listHref } from '../executions/list-address.ts';
import type { Details, Requests } from './types.ts';

const ORIGINS: Record<Details['origin'], string> = {
  api: ', through the API',
  backend: ', by the backend',
  schedule: ', by a schedule',
  adopted: ', outside of the ledger',
  import: ', imported',
  unknown: '',
};

export function Facts({ details, asked }: { details: Details; asked: Requests | null }) {
  const now = useNow();
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
        <UserName of={details} />
        {ORIGINS[details.origin]}
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
          <div key={label} className="min-w-0">
            <dt>{label}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
