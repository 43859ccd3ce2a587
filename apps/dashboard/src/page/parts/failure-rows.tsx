import type { RouterOutputs } from '@runledger/client';
import { Link } from 'wouter';
import { listHref } from '../pages/executions/list-address.ts';
import { isOne } from './counted.ts';
import { Figure } from './figure.tsx';
import { Ago, useClock } from './time.tsx';
import { hrefOf } from './window.ts';

export type FailureGroup = RouterOutputs['execution']['getFailureGroups']['groups'][number];

/** What a kind of failure is called: its message, else its type. */
export const titleOf = ({ message, type }: Pick<FailureGroup, 'message' | 'type'>): string =>
  message?.split('\n', 1)[0] || type || 'Failed without a message';

/** As many characters as a row or a sentence has room for. */
const MOST_SHOWN = 100;

/** The same, the beginning of a long one. */
export function shortTitleOf(group: Pick<FailureGroup, 'message' | 'type'>): string {
  const title = titleOf(group);
  return title.length > MOST_SHOWN ? `${title.slice(0, MOST_SHOWN)}…` : title;
}

/** Where and of which type: `chargeCard · CardError`. */
export const whereOf = ({
  activityType,
  type,
  message,
}: Pick<FailureGroup, 'activityType' | 'type' | 'message'>): string =>
  [activityType, message ? type : null].filter(Boolean).join(' · ');

export function FailureBadge({ group }: { group: FailureGroup }) {
  if (group.isNew) return <span className="badge-new">new</span>;
  return group.moreThanUsual ? <span className="badge-new">more than usual</span> : null;
}

/** Kinds of failures, most frequent first: how many, of how many users, since when, and over time. */
export function FailureRows({
  groups,
  window,
  workflowId,
}: {
  groups: FailureGroup[];
  window: { from: string | null; to: string | null };
  workflowId?: string;
}) {
  const clock = useClock();
  const pageOf = ({ failureGroup }: FailureGroup) =>
    hrefOf(`/failures/${failureGroup}`, { from: window.from, to: window.to, workflow: workflowId });
  const filterOf = (group: FailureGroup) => ({
    failureGroup: group.failureGroup,
    ...(window.from ? { from: window.from } : {}),
    ...(window.to ? { to: window.to } : {}),
    ...(workflowId ? { workflowIds: [workflowId] } : {}),
  });
  return (
    <table className="tbl failures">
      <caption className="sr-only">Kinds of failures</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Kind</th>
          <th scope="col">Over time</th>
          <th scope="col">Executions</th>
          <th scope="col">Users</th>
          <th scope="col">Last seen</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr key={group.failureGroup}>
            <th scope="row" className="[overflow-wrap:anywhere]">
              <Link
                href={pageOf(group)}
                className="text-[14px] font-[560] text-foreground"
                title={titleOf(group)}
                dir="auto"
              >
                {shortTitleOf(group)}
              </Link>{' '}
              <FailureBadge group={group} />
              <span className="sub font-normal">{whereOf(group)}</span>
            </th>
            <td className="max-md:hidden">
              <Spark counts={group.series} />
            </td>
            <td className="num">
              <Figure
                value={group.executions}
                exactness="exact"
                href={listHref(filterOf(group))}
                className="font-[560]"
              />
              <span className="sub">{group.executions === 1 ? 'execution' : 'executions'}</span>
            </td>
            <td className="num max-sm:hidden">
              <Figure value={group.users} exactness={group.usersExactness} href={pageOf(group)} />
              <span className="sub">{isOne(group.users, group.usersExactness) ? 'user' : 'users'}</span>
            </td>
            <td className="num">
              {group.lastSeenAt && <Ago at={group.lastSeenAt} />}
              {group.firstSeenAt && (
                <span className="sub max-sm:hidden">{`first ${clock.shortOf(group.firstSeenAt)}`}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const HEIGHT = 20;
const BAR = 4;

/** How many over time, as bars without an axis. */
function Spark({ counts }: { counts: number[] }) {
  if (counts.length === 0) return null;
  const most = Math.max(1, ...counts);
  return (
    <svg className="bars ms-auto block" width={counts.length * BAR} height={HEIGHT} aria-hidden="true">
      {counts.map((count, index) => {
        const tall = count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT);
        return <rect key={index} className="bad" x={index * BAR} width={BAR - 1} y={HEIGHT - tall} height={tall} />;
      })}
    </svg>
  );
}
