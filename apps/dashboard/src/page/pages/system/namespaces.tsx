import { useRunledger } from '@runledger/client/react';
import type { NamespaceProof, Proof } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import { useQuery } from '@tanstack/react-query';
import { counted } from '../../parts/counted.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { of } from '../../session/scope.ts';
import { HealthCounts } from './health-counts.tsx';
import { lastHour } from './last-hour.ts';
import { MonitorFacts } from './monitor-facts.tsx';
import { NoticedTable } from './noticed-table.tsx';

const EVERY_MS = 10_000;

const STANDINGS: Record<NamespaceProof['standing'], string> = {
  followed: 'all users',
  unproven: 'nobody follows it',
  idle: 'nobody follows it; nothing of it is open',
};

/** What each namespace runs, whoever started it, and how well it is followed: for operators. */
export function Namespaces() {
  const { trpc } = useRunledger();
  const query = useQuery({ ...trpc.system.getNamespaces.queryOptions(), refetchInterval: EVERY_MS });
  return (
    <Loaded query={query} what="The namespaces" rows={6}>
      {(all) =>
        all.map((one) => <Namespace key={one.namespace} one={one} isOnly={of === 'everyone' && all.length === 1} />)
      }
    </Loaded>
  );
}

function Namespace({ one, isOnly }: { one: NamespaceProof; isOnly: boolean }) {
  const { namespace, standing, proof, problems } = one;
  return (
    <Panel title={`Namespace ${namespace}`} note={STANDINGS[standing]} className="mt-4">
      {problems.length > 0 && (
        <div className="pad pb-0">
          {problems.map((problem) => (
            <Notice key={problem} tone="bad">
              {problem}
            </Notice>
          ))}
        </div>
      )}
      {proof ? (
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Compared proof={proof} isOnly={isOnly} />
          <div>
            <NoticedTable proof={proof} />
            <MonitorFacts proof={proof} unprovenSince={one.unprovenSince} />
          </div>
        </div>
      ) : (
        <p className="pad text-muted">No proof that this page can read.</p>
      )}
    </Panel>
  );
}

const AT_MOST = 10_000;

/** Histories of ended executions that wait to be condensed. */
function backlog({ pending, oldestAgeMs }: Proof['timelines']): string {
  if (pending === 0 || oldestAgeMs === null) return 'none wait';
  return `${counted(pending, pending >= AT_MOST ? 'capped' : 'exact')} wait, the oldest for ${formatDuration(oldestAgeMs)}`;
}

/** Whoever holds up what monitors and open pages are told. */
function holder(held: Proof['changeFeedHeldBy']): string {
  if (held === null) return 'moves on';
  const who =
    held.kind === 'prepared'
      ? `the prepared transaction ${held.gid}`
      : held.kind === 'session'
        ? `the session ${held.pid}${held.application ? ` of ${held.application}` : ''}, ${held.state ?? 'whose state is not told'}`
        : 'a transaction whose session the database does not show';
  return `held up${held.waitingMs === null ? '' : ` for ${formatDuration(held.waitingMs)}`} by ${who}`;
}

function Compared({ proof, isOnly }: { proof: Proof; isOnly: boolean }) {
  return (
    <div className="pad grid gap-2">
      <h3 className="font-[620]">Compared with Temporal</h3>
      <p className="text-[30px]/[36px] font-semibold tracking-tight tabular-nums">
        {`${proof.diverging.toLocaleString('en-US')} of ${proof.open.toLocaleString('en-US')} differ`}
      </p>
      <p className="text-muted">{lastHour(proof)}</p>
      <dl className="kv !grid-cols-[180px_minmax(0,1fr)]">
        <HealthCounts counts={proof.health} asOf={proof.at} exactness="exact" isLinked={isOnly} />
        <dt>Oldest check</dt>
        <dd>
          {proof.oldestCheckAgeMs === null ? 'none is due' : `${formatDuration(proof.oldestCheckAgeMs)} ago`}
          {`, at most ${formatDuration(proof.periodMs)}`}
        </dd>
        <dt>Period reached</dt>
        <dd>{proof.periodReachedMs === null ? 'nothing to check' : formatDuration(proof.periodReachedMs)}</dd>
        <dt>Never checked yet</dt>
        <dd>
          {proof.unchecked.toLocaleString('en-US')}
          {proof.oldestUncheckedAgeMs !== null && `, one for ${formatDuration(proof.oldestUncheckedAgeMs)}`}
        </dd>
        <dt>Steps still to be read</dt>
        <dd>{backlog(proof.timelines)}</dd>
        <dt>Feed of changes</dt>
        <dd>{holder(proof.changeFeedHeldBy)}</dd>
        <dt>Published</dt>
        <dd>
          <Ago at={proof.at} />
        </dd>
      </dl>
    </div>
  );
}
