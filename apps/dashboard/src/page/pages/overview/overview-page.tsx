import type { RouterOutputs } from '@runledger/client';
import { useExecutionStats, useRunledger } from '@runledger/client/react';
import { FAULTY_STATUSES, TERMINAL_STATUSES } from '@runledger/contracts/status';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { counted } from '../../parts/counted.ts';
import { FailureRows, shortTitleOf, titleOf } from '../../parts/failure-rows.tsx';
import { Figure } from '../../parts/figure.tsx';
import { percent, points } from '../../parts/numbers.ts';
import { Panel } from '../../parts/panel.tsx';
import { Empty, Failed, failureOf, Loaded } from '../../parts/states.tsx';
import { useClock } from '../../parts/time.tsx';
import type { Window } from '../../parts/window.ts';
import { hrefOf, useWindow, windowIn } from '../../parts/window.ts';
import { WindowMenu } from '../../parts/window-menu.tsx';
import { runledger } from '../../runledger.ts';
import { of } from '../../session/scope.ts';
import { Page } from '../../shell/page.tsx';
import { askForProof } from '../../shell/proof-chip.tsx';
import { windowWords } from '../executions/filter-words.ts';
import { listHref } from '../executions/list-address.ts';
import { countedWords } from './counted-window.ts';
import { OpenNow } from './open-now.tsx';
import { ProofPanel } from './proof-panel.tsx';
import { topOf, WorkflowRows } from './workflow-rows.tsx';

type Stats = RouterOutputs['execution']['getStats'];
type Groups = RouterOutputs['execution']['getFailureGroups'];

const KINDS = 5;
const USUAL = '-24h';

const statsOf = ({ from, to }: Window) => ({ from, to, withPrevious: true, of });
const failuresOf = ({ from, to }: Window) => ({ from, to, limit: KINDS + 1, of });

export function ask(search: string): void {
  const { queryClient, parts } = runledger.make();
  const { execution } = parts.trpc;
  const window = windowIn(search, USUAL);
  void queryClient.prefetchQuery(execution.getStats.queryOptions(statsOf(window)));
  void queryClient.prefetchQuery(execution.getFailureGroups.queryOptions(failuresOf(window)));
  void queryClient.prefetchQuery(execution.getTopWorkflows.queryOptions(topOf(window)));
  void queryClient.prefetchQuery(execution.countByHealth.queryOptions({ of }));
  askForProof();
}

export default function OverviewPage() {
  const window = useWindow(USUAL);
  const { trpc } = useRunledger();
  const { from, to } = window;
  const stats = useExecutionStats(statsOf(window));
  const failures = useQuery({
    ...trpc.execution.getFailureGroups.queryOptions(failuresOf(window)),
    placeholderData: keepPreviousData,
  });
  const failure = failureOf(stats);
  const clock = useClock();
  const words = windowWords(window.text.from, window.text.to ?? undefined, clock);
  return (
    <Page title="Overview" crumbs={[]}>
      <div className="flex items-start justify-between gap-4">
        {stats.data ? (
          <Sentence
            stats={stats.data}
            failures={failures.data ?? null}
            words={countedWords(window, stats.data.window, { words, clock, now: Date.now() })}
          />
        ) : (
          <h1 className="say">{failure ? 'Overview' : '…'}</h1>
        )}
        <WindowMenu text={window.text} />
      </div>
      {failure !== null && (
        <div className="panel mb-4">
          <Failed what="The overview" error={failure} retry={() => void stats.refetch()} />
        </div>
      )}
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_372px]">
        <div className="grid gap-4">
          <Panel
            title="Why executions fail"
            note={words}
            aside={<Link href={hrefOf('/failures', { from: window.text.from, to: window.text.to })}>All kinds</Link>}
          >
            <Loaded query={failures} what="The failures">
              {(read) =>
                read.groups.length === 0 ? (
                  <Empty title="Nothing has failed" />
                ) : (
                  <FailureRows groups={read.groups.slice(0, KINDS)} window={read.window} />
                )
              }
            </Loaded>
          </Panel>
          <WorkflowRows window={{ from, to }} />
        </div>
        <div className="grid gap-4">
          <ProofPanel />
          <OpenNow />
        </div>
      </div>
    </Page>
  );
}

/** Of what ended, in percent. */
const failureRate = ({ failed, timedOut, ended }: Pick<Stats, 'failed' | 'timedOut' | 'ended'>) =>
  ((failed + timedOut) / ended) * 100;

/** What is the matter: what ended, what of it did not complete, and what most of that is. Every number is a link to what it counted. */
function Sentence({ stats, failures, words }: { stats: Stats; failures: Groups | null; words: string }) {
  const clock = useClock();
  const window = {
    ...(stats.window.from ? { from: stats.window.from } : {}),
    ...(stats.window.to ? { to: stats.window.to } : {}),
  };
  const failed = stats.failed + stats.timedOut;
  const { counts: exactness } = stats.exactness;
  const [top] = failures?.groups ?? [];
  if (stats.ended === 0)
    return (
      <h1 className="say">
        {stats.total === 0 ? `Nothing was started, ${words}.` : 'Nothing of what was started has ended so far: '}
        {stats.total > 0 && (
          <>
            <Figure value={stats.total} exactness={exactness} asOf={stats.asOf} href={listHref(window)} unit="open" />,{' '}
            {words}.
          </>
        )}
      </h1>
    );
  const rate = failureRate(stats);
  const before = stats.previous && stats.previous.ended > 0 ? failureRate(stats.previous) : null;
  const change = before === null ? null : Number((rate - before).toFixed(1));
  return (
    <h1 className="say [overflow-wrap:anywhere]">
      {words.charAt(0).toUpperCase() + words.slice(1)},{' '}
      <Figure
        value={stats.ended}
        exactness={exactness}
        asOf={stats.asOf}
        href={listHref({ ...window, status: [...TERMINAL_STATUSES] })}
        unit={stats.ended === 1 ? 'execution' : 'executions'}
      />{' '}
      ended and{' '}
      {failed === 0 ? (
        'none failed.'
      ) : (
        <>
          <Link
            href={listHref({ ...window, status: [...FAULTY_STATUSES] })}
            className="text-danger"
            title={`${failed} of ${stats.ended}, as of ${clock.timeOf(stats.asOf)}`}
          >
            {percent(rate)}
          </Link>
          {' failed'}
          {change === null
            ? ''
            : change === 0
              ? ', as before'
              : `, ${points(Math.abs(change)).slice(1)} ${change > 0 ? 'more' : 'less'} than before`}
          .
        </>
      )}
      {top && failed > 0 && (
        <>
          {top.executions * 2 > failed ? ' Most of it is ' : ' The most frequent kind is '}
          <Link
            href={hrefOf(`/failures/${top.failureGroup}`, stats.window)}
            className="text-danger"
            title={titleOf(top)}
            dir="auto"
          >
            {shortTitleOf(top)}
          </Link>
          {top.isNew && top.firstSeenAt
            ? `, new since ${clock.shortOf(top.firstSeenAt)}`
            : top.moreThanUsual
              ? ', more than usual'
              : ''}
          {top.users > 1 ? `, for ${counted(top.users, top.usersExactness)} users` : ''}.
        </>
      )}
    </h1>
  );
}
