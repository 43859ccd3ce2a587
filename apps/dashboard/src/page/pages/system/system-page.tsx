import { useRunledger } from '@runledger/client/react';
import { formatDuration } from '@runledger/contracts/format-duration';
import { HEALTHS } from '@runledger/contracts/healths';
import { useQuery } from '@tanstack/react-query';
import { counted } from '../../parts/counted.ts';
import { Figure } from '../../parts/figure.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Failed, Loaded } from '../../parts/states.tsx';
import { Ago, useClock } from '../../parts/time.tsx';
import { isOperator } from '../../session/operator.ts';
import { of } from '../../session/scope.ts';
import { useSession } from '../../session/session.ts';
import { Page } from '../../shell/page.tsx';
import { useProof } from '../../shell/proof-chip.tsx';
import { listHref } from '../executions/list-address.ts';
import { HealthCounts } from './health-counts.tsx';
import { Namespaces } from './namespaces.tsx';

const EVERY_MS = 10_000;
/** Whether lists are of those that the first figures are of: the reader’s own. */
const isShown = of === 'caller';

const answers = (does: boolean | undefined) => (does === undefined ? '…' : does ? 'answers' : 'does not answer');

/** How sure the ledger is of the reader’s executions, and what answers; for operators also of everybody’s. */
export default function SystemPage() {
  const { trpc } = useRunledger();
  const proof = useProof();
  const health = useQuery({ ...trpc.system.health.queryOptions(), refetchInterval: EVERY_MS });
  const clock = useClock();
  const session = useSession();
  return (
    <Page title="System" crumbs={[]}>
      <div className="mb-3.5 flex flex-wrap items-baseline gap-3">
        <h1>How sure the ledger is</h1>
        {proof.data && <span className="exactness">{`as of ${clock.timeOf(proof.data.at)}`}</span>}
      </div>
      {proof.data === null && (
        <Notice tone="bad">
          No monitor has published a proof so far. Open executions stay as they were recorded until one runs.
        </Notice>
      )}
      {proof.data?.isWell === false && (
        <Notice tone="bad">{`Temporal was last asked about all of it at ${clock.timeOf(proof.data.at)}, or a promise is missed. Statuses of open executions may be behind; ended ones stand.`}</Notice>
      )}
      <div className="grid items-start gap-4 md:grid-cols-2">
        <Panel title="Your executions, compared with Temporal">
          <Loaded query={proof} what="The proof" rows={3}>
            {(read) =>
              read === null ? (
                <p className="pad text-muted">No proof yet: the monitor starts, or none runs.</p>
              ) : (
                <div className="pad grid gap-2">
                  <p className="text-[30px]/[36px] font-semibold tracking-tight">
                    <Figure
                      value={read.own.open}
                      exactness={read.own.capped ? 'capped' : 'exact'}
                      asOf={read.at}
                      href={isShown && read.own.unchecked === 0 ? listHref({ health: [...HEALTHS] }) : null}
                      unit="open"
                    />
                  </p>
                  <dl className="kv !grid-cols-[180px_minmax(0,1fr)]">
                    <HealthCounts
                      counts={read.own.health}
                      asOf={read.at}
                      exactness={read.own.capped ? 'capped' : 'exact'}
                      isLinked={isShown}
                    />
                    <dt>Oldest check</dt>
                    <dd>
                      {read.own.oldestCheckAgeMs === null
                        ? 'none is due'
                        : `${formatDuration(read.own.oldestCheckAgeMs)} ago`}
                      {`, at most ${formatDuration(read.periodMs)}`}
                    </dd>
                    <dt>Never checked yet</dt>
                    <dd>{counted(read.own.unchecked, read.own.capped ? 'capped' : 'exact')}</dd>
                    {read.periodReachedMs !== null && (
                      <>
                        <dt>Period reached, all users</dt>
                        <dd>{formatDuration(read.periodReachedMs)}</dd>
                      </>
                    )}
                    {read.retentionMs !== null && (
                      <>
                        <dt>Temporal keeps what has closed for</dt>
                        <dd>{formatDuration(read.retentionMs)}</dd>
                      </>
                    )}
                    <dt>Published</dt>
                    <dd>
                      <Ago at={read.at} />
                    </dd>
                  </dl>
                </div>
              )
            }
          </Loaded>
        </Panel>
        <Panel
          title="What answers"
          note={health.data && `as of ${clock.timeOf(new Date(health.dataUpdatedAt).toISOString())}`}
        >
          {health.error && !health.data ? (
            <Failed what="The health of the API" error={health.error} retry={() => void health.refetch()} />
          ) : (
            <dl className="kv pad">
              <dt>API</dt>
              <dd>{health.data ? 'answers' : '…'}</dd>
              <dt>Database</dt>
              <dd>{answers(health.data?.ledger)}</dd>
              <dt>Temporal</dt>
              <dd>{answers(health.data?.engine)}</dd>
              <dt>Monitor</dt>
              <dd>
                {health.data?.followed === false
                  ? 'runs for none or not all namespaces'
                  : health.data
                    ? 'follows what is open'
                    : '…'}
              </dd>
            </dl>
          )}
        </Panel>
      </div>
      {isOperator(session) && <Namespaces />}
    </Page>
  );
}
