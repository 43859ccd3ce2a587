import { useRunledger } from '@runledger/client/react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { counted } from '../../parts/counted.ts';
import { Figure } from '../../parts/figure.tsx';
import { Panel } from '../../parts/panel.tsx';
import { shortId, whyOf } from '../../parts/row-words.ts';
import { Loaded } from '../../parts/states.tsx';
import type { Health, ListedExecution } from '../../parts/status.tsx';
import { HEALTH_LABELS, HealthLabel } from '../../parts/status.tsx';
import { useClock, useNow } from '../../parts/time.tsx';
import { UserName } from '../../parts/user-name.tsx';
import { of } from '../../session/scope.ts';
import { useSession } from '../../session/session.ts';
import { listHref } from '../executions/list-address.ts';

const EVERY_MS = 10_000;
const TROUBLED: Health[] = ['wedged', 'late', 'lost', 'cancelling'];
const COLOURS: Record<Health, string> = {
  live: 'bg-success',
  late: 'bg-warning',
  wedged: 'bg-wedged',
  cancelling: 'bg-quiet',
  lost: 'bg-quiet',
};

/** With how many run without an engine, of whose health nobody says anything. */
function withUnfollowed<
  T extends { open: number; unconfirmed: number; unchecked: number; health: Partial<Record<Health, number>> },
>(counts: T) {
  const followed = Object.values(counts.health).reduce((sum, count) => sum + count, counts.unchecked);
  return { ...counts, unfollowed: counts.open + counts.unconfirmed - followed };
}

/** What runs, by how it stands, and those that somebody should look at. */
export function OpenNow() {
  const { trpc } = useRunledger();
  const clock = useClock();
  const now = useNow(10_000);
  const session = useSession();
  const counts = useQuery({ ...trpc.execution.countByHealth.queryOptions({ of }), refetchInterval: EVERY_MS });
  const isAny = TROUBLED.some((health) => (counts.data?.health[health] ?? 0) > 0);
  const troubled = useQuery({
    ...trpc.execution.listExecutions.queryOptions({ health: TROUBLED, limit: 5, of }),
    refetchInterval: EVERY_MS,
    enabled: isAny,
  });
  return (
    <Panel
      title="Open now"
      note={
        counts.data && (
          <Figure
            value={counts.data.open}
            exactness={counts.data.exactness}
            asOf={counts.data.asOf}
            href={listHref({ status: ['pending', 'running'] })}
          />
        )
      }
    >
      <Loaded query={{ ...counts, data: counts.data && withUnfollowed(counts.data) }} what="What is open" rows={2}>
        {({ open, unconfirmed, unchecked, unfollowed, health, exactness, asOf }) => (
          <div className="pad">
            {open + unconfirmed === 0 ? (
              <p className="text-muted">Nothing runs.</p>
            ) : (
              <>
                <div className="share mb-3 flex h-2.5 gap-0.5" aria-hidden="true">
                  {(Object.keys(COLOURS) as Health[]).map(
                    (name) =>
                      (health[name] ?? 0) > 0 && (
                        <i
                          key={name}
                          className={`min-w-1.5 rounded-xs ${COLOURS[name]}`}
                          style={{ flexGrow: health[name] }}
                        />
                      ),
                  )}
                  {unchecked > 0 && <i className="min-w-1.5 rounded-xs bg-track" style={{ flexGrow: unchecked }} />}
                </div>
                <dl className="grid gap-1">
                  {(Object.keys(COLOURS) as Health[]).map((name) => (
                    <div key={name} className="flex justify-between">
                      <dt>{name === 'live' ? HEALTH_LABELS.live : <HealthLabel health={name} />}</dt>
                      <dd>
                        <Figure
                          value={health[name] ?? 0}
                          exactness={exactness}
                          asOf={asOf}
                          href={listHref({ health: [name] })}
                        />
                      </dd>
                    </div>
                  ))}
                  {unchecked > 0 && (
                    <div className="flex justify-between text-muted">
                      <dt>Not looked at so far</dt>
                      <dd className="tabular-nums">{counted(unchecked, exactness)}</dd>
                    </div>
                  )}
                  {unfollowed > 0 && (
                    <div className="flex justify-between text-muted">
                      <dt>Run without Temporal</dt>
                      <dd className="tabular-nums">{counted(unfollowed, exactness)}</dd>
                    </div>
                  )}
                  {unconfirmed > 0 && (
                    <div className="flex justify-between text-muted">
                      <dt>Of these reported as ended, to be confirmed</dt>
                      <dd className="tabular-nums">{counted(unconfirmed, exactness)}</dd>
                    </div>
                  )}
                </dl>
              </>
            )}
          </div>
        )}
      </Loaded>
      {isAny &&
        (troubled.data?.items as ListedExecution[] | undefined)?.map((row) => (
          <Link
            key={row.id}
            href={`/executions/${row.id}`}
            className="row-link grid-cols-[minmax(0,1fr)_auto] border-t"
          >
            <span className="min-w-0">
              <b className="font-[560]">{row.workflow.name}</b> <code className="text-muted">{shortId(row.id)}</code>
              <span className="sub truncate">
                <UserName of={row} />, {whyOf(row, clock, now, session?.user)?.text}
              </span>
            </span>
            <HealthLabel health={row.health} />
          </Link>
        ))}
    </Panel>
  );
}
