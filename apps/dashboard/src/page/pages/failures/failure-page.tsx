import { useExecutions, useRunledger } from '@runledger/client/react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { lazy, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { NothingDone } from '../../actions/ask-about.tsx';
import type { BarPoint } from '../../parts/bars.tsx';
import { Bars } from '../../parts/bars.tsx';
import { counted } from '../../parts/counted.ts';
import { FailureBadge, titleOf, whereOf } from '../../parts/failure-rows.tsx';
import { Figure } from '../../parts/figure.tsx';
import { Guard } from '../../parts/guard.tsx';
import { Panel } from '../../parts/panel.tsx';
import { shortId } from '../../parts/row-words.ts';
import { Empty, Failed, failureOf, Loaded } from '../../parts/states.tsx';
import type { ListedExecution } from '../../parts/status.tsx';
import { Ago, useClock } from '../../parts/time.tsx';
import { usePrefetched } from '../../parts/use-prefetched.ts';
import { hrefOf, useWindow } from '../../parts/window.ts';
import { WindowMenu } from '../../parts/window-menu.tsx';
import { isOperator } from '../../session/operator.ts';
import { of } from '../../session/scope.ts';
import { useSession } from '../../session/session.ts';
import { Page } from '../../shell/page.tsx';
import { usePageActs } from '../../shell/page-acts.ts';
import type { ColumnName } from '../executions/columns.tsx';
import { listHref } from '../executions/list-address.ts';
import { Rows } from '../executions/rows.tsx';
import { NotFound } from '../not-found.tsx';

const loadRerun = () => import('../../actions/rerun-all.tsx');
const RerunAll = lazy(loadRerun);

const SHOWN = 25;

export default function FailurePage({ group }: { group: string }) {
  return /^[0-9a-f]{16}$/.test(group) ? <Kind failureGroup={group} /> : <NotFound what="kind of failure" />;
}

/** One kind of failure: since when, whom it hit, which executions, and running those again. */
function Kind({ failureGroup }: { failureGroup: string }) {
  const window = useWindow('-24h');
  const { from, to } = window;
  const [search] = useSearchParams();
  const workflowId = search.get('workflow') ?? undefined;
  const { trpc } = useRunledger();
  const clock = useClock();
  // Go-to leads to the question at once.
  const [isRerun, setRerun] = useState(location.hash === '#rerun');
  const groups = useQuery({
    ...trpc.execution.getFailureGroups.queryOptions({
      from,
      to,
      failureGroup,
      limit: 1,
      of,
      ...(workflowId ? { workflowId } : {}),
    }),
    placeholderData: keepPreviousData,
  });
  const filter = { failureGroup, from, to, ...(workflowId ? { workflowIds: [workflowId] } : {}) };
  const list = useExecutions({ ...filter, limit: SHOWN, of });
  const rows = list.executions as ListedExecution[];
  const group = groups.data?.groups[0] ?? null;
  usePrefetched(loadRerun);
  const rerun = group && group.executions > 0 ? rerunLabel(group.executions) : null;
  usePageActs(rerun ? [{ label: rerun, key: 'r', act: () => setRerun(true) }] : []);
  const failure = failureOf(groups);
  const title = group ? titleOf(group) : (rows[0]?.errorMessage?.split('\n', 1)[0] ?? 'A kind of failure');
  const points = (groups.data?.bucketsStartAt ?? []).map(
    (startsAt, index, all): BarPoint => ({
      startsAt,
      endsAt: all[index + 1] ?? to,
      ok: 0,
      rest: 0,
      bad: group?.series[index] ?? 0,
    }),
  );
  return (
    <Page
      title={`✗ ${title}`}
      crumbs={[
        { label: 'Failures', href: hrefOf('/failures', { from: window.text.from, to: window.text.to }) },
        { label: title },
      ]}
    >
      <div className="mb-3.5 flex flex-wrap items-center gap-3">
        <h1 className="[overflow-wrap:anywhere]" dir="auto">
          {title}
        </h1>
        {group && <FailureBadge group={group} />}
        <span className="flex-1" />
        <WindowMenu text={window.text} />
        {rerun && (
          <button type="button" className="btn solid" onClick={() => setRerun(true)}>
            <RotateCcw className="size-4" aria-hidden="true" />
            {rerun}
          </button>
        )}
      </div>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_340px]">
        <div className="grid gap-4">
          <Panel title="What happened" note={group ? whereOf(group) : null}>
            <div className="pad grid gap-3">
              {group ? (
                <p>
                  {group.firstSeenAt && `First seen ${clock.shortOf(group.firstSeenAt)}: `}
                  <Figure
                    value={group.executions}
                    exactness="exact"
                    asOf={groups.data?.asOf ?? null}
                    href={listHref(filter)}
                    unit={group.executions === 1 ? 'execution' : 'executions'}
                    className="font-[560] underline"
                  />
                  {group.users > 1 ? ` of ${counted(group.users, group.usersExactness)} users` : ''}
                  {group.isNew
                    ? ', and never before.'
                    : group.previous === null
                      ? '.'
                      : `; ${group.previous.toLocaleString('en-US')} in the time before.`}
                  {group.lastSeenAt && (
                    <>
                      {' Last seen '}
                      <Ago at={group.lastSeenAt} />.
                    </>
                  )}
                </p>
              ) : (
                groups.data && <p className="text-muted">None in this window.</p>
              )}
              {failure !== null && <Failed what="What happened" error={failure} retry={() => void groups.refetch()} />}
              {points.length > 1 && group && <Bars points={points} label="Failed" />}
            </div>
          </Panel>
          <Panel title="Executions" aside={<Link href={listHref(filter)}>Show all</Link>}>
            <Loaded query={list} what="The executions">
              {() =>
                rows.length === 0 ? (
                  <Empty title="None in this window" />
                ) : (
                  <Rows
                    rows={rows}
                    columns={COLUMNS}
                    noLongerFits={list.noLongerFits}
                    deleted={list.deleted}
                    sort="-started"
                    selected={NONE}
                    current={null}
                    caption="Executions that failed like this"
                  />
                )
              }
            </Loaded>
          </Panel>
        </div>
        <UsersHit
          failureGroup={failureGroup}
          workflowId={workflowId ?? rows[0]?.workflowId ?? null}
          from={from}
          to={to}
        />
      </div>
      {isRerun && group && (
        <Guard fallback={<NothingDone onClose={() => setRerun(false)} />}>
          <RerunAll filter={filter} expected={group.executions} title={title} onClose={() => setRerun(false)} />
        </Guard>
      )}
    </Page>
  );
}

const rerunLabel = (count: number) => (count === 1 ? 'Rerun it…' : `Rerun all ${count.toLocaleString('en-US')}…`);

const NONE: ReadonlySet<string> = new Set();
const COLUMNS: ColumnName[] = ['status', 'why', 'started', 'took', 'user'];

/** Whom it hit, where the reader may know. */
function UsersHit({
  failureGroup,
  workflowId,
  from,
  to,
}: {
  failureGroup: string;
  workflowId: string | null;
  from: string;
  to: string;
}) {
  const filter = { failureGroup, from, to, ...(workflowId ? { workflowIds: [workflowId] } : {}) };
  const { trpc } = useRunledger();
  const session = useSession();
  const workflow = useQuery({
    ...trpc.workflow.get.queryOptions({ id: workflowId ?? '' }),
    enabled: workflowId !== null,
  });
  // Whom else a failure hits is not for everybody to know.
  const mayKnow = isOperator(session) || (workflow.data !== undefined && workflow.data.userId === session?.user.id);
  const users = useQuery({
    ...trpc.execution.getFailureUsers.queryOptions({ failureGroup, workflowId: workflowId ?? '', from, to }),
    enabled: mayKnow,
  });
  if (!mayKnow || users.error) return null;
  return (
    <Panel title="Users hit" note={users.data ? counted(users.data.users.length, users.data.exactness) : null}>
      <Loaded query={users} what="The users">
        {({ users: hit }) =>
          hit.map((user) => (
            <div key={user.userId} className="row-link grid-cols-[minmax(0,1fr)_auto]">
              <Link href={`/executions/${user.lastExecutionId}`} className="truncate" title="The last of them">
                {user.name ?? shortId(user.userId)}
              </Link>
              <Figure
                value={user.executions}
                exactness="exact"
                // Lists of an owner are of their own.
                href={of === 'everyone' ? listHref({ ...filter, userIds: [user.userId] }) : null}
              />
            </div>
          ))
        }
      </Loaded>
    </Panel>
  );
}
