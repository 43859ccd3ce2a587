import { useRunledger } from '@runledger/client/react';
import { FAULTY_STATUSES } from '@runledger/contracts/status';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearch } from 'wouter';
import { FailureRows } from '../../parts/failure-rows.tsx';
import { Exactness, Figure } from '../../parts/figure.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { useClock } from '../../parts/time.tsx';
import { useLinkKeys } from '../../parts/use-link-keys.ts';
import type { Window } from '../../parts/window.ts';
import { hrefOf, useWindow, windowIn } from '../../parts/window.ts';
import { WindowMenu } from '../../parts/window-menu.tsx';
import { runledger } from '../../runledger.ts';
import { of } from '../../session/scope.ts';
import { Page } from '../../shell/page.tsx';
import { askForProof } from '../../shell/proof-chip.tsx';
import { windowWords } from '../executions/filter-words.ts';
import { listHref } from '../executions/list-address.ts';

/** At first, and as many as the API tells. */
const [FIRST_KINDS, MOST_KINDS] = [50, 200];
const USUAL = '-24h';

const workflowIn = (search: string) => new URLSearchParams(search).get('workflow') ?? undefined;
const failuresOf = ({ from, to }: Window, workflowId: string | undefined, limit = FIRST_KINDS) => ({
  ...{ from, to, limit, of },
  ...(workflowId ? { workflowId } : {}),
});

export function ask(search: string): void {
  const { queryClient, parts } = runledger.make();
  const input = failuresOf(windowIn(search, USUAL), workflowIn(search));
  void queryClient.prefetchQuery(parts.trpc.execution.getFailureGroups.queryOptions(input));
  askForProof();
}

export default function FailuresPage() {
  const window = useWindow(USUAL);
  const { trpc } = useRunledger();
  const clock = useClock();
  const workflowId = workflowIn(useSearch());
  const [limit, setLimit] = useState(FIRST_KINDS);
  const workflow = useQuery({ ...trpc.workflow.get.queryOptions({ id: workflowId ?? '' }), enabled: !!workflowId });
  useLinkKeys('table.failures th a');
  const failures = useQuery({
    ...trpc.execution.getFailureGroups.queryOptions(failuresOf(window, workflowId, limit)),
    placeholderData: keepPreviousData,
  });
  const all = failures.data?.groups.reduce((sum, { executions }) => sum + executions, 0) ?? 0;
  const read = failures.data?.window;
  const isCut = (failures.data?.groups.length ?? 0) >= limit;
  const exactness = isCut ? 'capped' : 'exact';
  return (
    <Page title="Failures" crumbs={[]}>
      <div className="mb-3.5 flex flex-wrap items-baseline gap-3">
        <h1>Failures</h1>
        {workflowId && (
          <span className="text-muted">
            of <Link href={`/workflows/${workflowId}`}>{workflow.data?.name ?? 'one workflow'}</Link>,{' '}
            <Link href={hrefOf('/failures', { from: window.text.from, to: window.text.to })}>show all</Link>
          </span>
        )}
        {failures.data && (
          <>
            <Figure
              value={all}
              exactness={exactness}
              asOf={failures.data.asOf}
              href={listHref({
                status: [...FAULTY_STATUSES],
                ...(read?.from ? { from: read.from } : {}),
                ...(read?.to ? { to: read.to } : {}),
                ...(workflowId ? { workflowIds: [workflowId] } : {}),
              })}
            />
            <Exactness value={all} exactness={exactness} asOf={failures.data.asOf} />
          </>
        )}
        <span className="flex-1" />
        <WindowMenu text={window.text} />
      </div>
      <div className="panel">
        <Loaded query={failures} what="The failures" rows={6}>
          {({ groups, window: counted }) =>
            groups.length === 0 ? (
              <Empty title="Nothing has failed">
                <p>{`Of what was started, ${windowWords(window.text.from, window.text.to ?? undefined, clock)}.`}</p>
              </Empty>
            ) : (
              <>
                <FailureRows groups={groups} window={counted} {...(workflowId ? { workflowId } : {})} />
                {isCut && (
                  <p className="flex items-center gap-3 border-t border-line px-4 py-2.5 text-[13px] text-muted">
                    {`The ${groups.length} most frequent kinds.`}
                    {limit < MOST_KINDS ? (
                      <button type="button" className="btn" onClick={() => setLimit(MOST_KINDS)}>
                        Show more
                      </button>
                    ) : (
                      ' A shorter window shows others.'
                    )}
                  </p>
                )}
              </>
            )
          }
        </Loaded>
      </div>
    </Page>
  );
}
