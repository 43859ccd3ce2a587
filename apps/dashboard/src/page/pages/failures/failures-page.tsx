import { useRunledger } from '@runledger/client/react';
import { FAULTY_STATUSES } from '@runledger/contracts/status';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { FailureRows } from '../../parts/failure-rows.tsx';
import { Exactness, Figure } from '../../parts/figure.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { useClock } from '../../parts/time.tsx';
import { useLinkKeys } from '../../parts/use-link-keys.ts';
import type { Window } from '../../parts/window.ts';
import { useWindow, windowIn } from '../../parts/window.ts';
import { WindowMenu } from '../../parts/window-menu.tsx';
import { runledger } from '../../runledger.ts';
import { of } from '../../session/scope.ts';
import { Page } from '../../shell/page.tsx';
import { askForProof } from '../../shell/proof-chip.tsx';
import { windowWords } from '../executions/filter-words.ts';
import { listHref } from '../executions/list-address.ts';

/** As many as the API tells. */
const MOST_KINDS = 50;
const USUAL = '-24h';

const failuresOf = ({ from, to }: Window) => ({ from, to, limit: MOST_KINDS, of });

export function ask(search: string): void {
  const { queryClient, parts } = runledger.make();
  const input = failuresOf(windowIn(search, USUAL));
  void queryClient.prefetchQuery(parts.trpc.execution.getFailureGroups.queryOptions(input));
  askForProof();
}

export default function FailuresPage() {
  const window = useWindow(USUAL);
  const { trpc } = useRunledger();
  const clock = useClock();
  useLinkKeys('table.failures th a');
  const failures = useQuery({
    ...trpc.execution.getFailureGroups.queryOptions(failuresOf(window)),
    placeholderData: keepPreviousData,
  });
  const all = failures.data?.groups.reduce((sum, { executions }) => sum + executions, 0) ?? 0;
  const read = failures.data?.window;
  return (
    <Page title="Failures" crumbs={[]}>
      <div className="mb-3.5 flex flex-wrap items-baseline gap-3">
        <h1>Failures</h1>
        {failures.data && (
          <>
            <Figure
              value={all}
              exactness={failures.data.groups.length === MOST_KINDS ? 'capped' : 'exact'}
              asOf={failures.data.asOf}
              href={listHref({
                status: [...FAULTY_STATUSES],
                ...(read?.from ? { from: read.from } : {}),
                ...(read?.to ? { to: read.to } : {}),
              })}
            />
            <Exactness
              value={all}
              exactness={failures.data.groups.length === MOST_KINDS ? 'capped' : 'exact'}
              asOf={failures.data.asOf}
            />
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
                <FailureRows groups={groups} window={counted} />
                {groups.length === MOST_KINDS && (
                  <p className="border-t border-line px-4 py-2.5 text-[13px] text-muted">
                    {`The ${MOST_KINDS} most frequent kinds. A shorter window shows others.`}
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
