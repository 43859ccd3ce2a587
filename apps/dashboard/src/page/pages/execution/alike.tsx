import { useRunledger } from '@runledger/client/react';
import type { ExecutionFilter } from '@runledger/contracts/filter';
import { encodeFilter } from '@runledger/contracts/filter';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Figure } from '../../parts/figure.tsx';
import { of } from '../../session/scope.ts';
import { listHref } from '../executions/list-address.ts';

interface AlikeProps {
  filter: ExecutionFilter;
  /** How often they are counted anew, where they come and go. */
  everyMs?: number;
  children: (count: number) => ReactNode;
}

/** How many are like it, it among them. */
export function Alike({ filter, everyMs, children }: AlikeProps) {
  const { trpc } = useRunledger();
  const { data } = useQuery({
    ...trpc.execution.countExecutions.queryOptions({ filter: encodeFilter(filter), of }),
    refetchInterval: everyMs ?? false,
  });
  if (!data || data.count === 0) return null;
  return (
    <>
      <Figure
        value={data.count}
        exactness={data.exactness}
        asOf={data.asOf}
        href={listHref(filter)}
        className="underline"
      />
      {children(data.count)}
    </>
  );
}
