import type { RouterOutputs } from '@runledger/client';
import { useRunledger } from '@runledger/client/react';
import { useQuery } from '@tanstack/react-query';
import { Panel } from '../../parts/panel.tsx';
import { useClock } from '../../parts/time.tsx';
import { sizeOf } from '../execution/payload-words.ts';

type Use = RouterOutputs['execution']['getQuotas'][number];

const LABELS: Record<Use['kind'], string> = {
  executionsPerHour: 'This hour',
  executionsPerDay: 'Today',
  executionsPerMonth: 'This month',
  concurrentExecutions: 'At the same time',
  storedBytes: 'Kept',
};
/** What makes room, where no time does. */
const FREES: Partial<Record<Use['kind'], string>> = {
  concurrentExecutions: 'one more when one of them ends',
  storedBytes: 'less when executions are deleted',
};
const HOT = 0.8;

/** What may still be run; nothing where nothing is limited. */
export function Quotas({ workflowId }: { workflowId: string }) {
  const { trpc } = useRunledger();
  const clock = useClock();
  const { data: quotas } = useQuery(trpc.execution.getQuotas.queryOptions({ workflowId }));
  if (!quotas || quotas.length === 0) return null;
  return (
    <Panel title="What you may still run">
      <div className="pad grid gap-3">
        {quotas.map(({ kind, limit, used, freesAt, workflowId: only }) => {
          const told = (count: number) => (kind === 'storedBytes' ? sizeOf(count) : count.toLocaleString('en-US'));
          const share = limit === 0 ? 1 : Math.min(1, used / limit);
          return (
            <div key={`${kind}${only}`}>
              <div className="flex justify-between">
                <span>{LABELS[kind]}</span>
                <span className="tabular-nums">{`${told(used)} of ${told(limit)}`}</span>
              </div>
              <div className="my-1 h-1.5 overflow-hidden rounded bg-track" aria-hidden="true">
                <div
                  className={`h-full ${share >= HOT ? 'bg-warning' : 'bg-primary'}`}
                  style={{ width: `${share * 100}%` }}
                />
              </div>
              <span className="text-[12.5px] text-faint">
                {freesAt ? `from 0 again at ${clock.shortOf(freesAt)}` : FREES[kind]}
                {only === null ? ', all workflows together' : ''}
              </span>
            </div>
          );
        })}
      </div>
    </Panel>
  );
}
