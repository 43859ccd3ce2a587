import { useRunledger } from '@runledger/client/react';
import type { ExecutionFilter } from '@runledger/contracts/filter';
import { encodeFilter } from '@runledger/contracts/filter';
import { useQueries } from '@tanstack/react-query';
import { Link } from 'wouter';
import { counted } from '../../parts/counted.ts';
import { Empty } from '../../parts/states.tsx';
import { useClock } from '../../parts/time.tsx';
import { of } from '../../session/scope.ts';
import type { Names } from './filter-words.ts';
import { filterWords, without } from './filter-words.ts';

/** Of at most four parts of a filter: what there would be without each. */
const MOST_PARTS = 4;

interface NoRowsProps {
  filter: ExecutionFilter;
  names: Names;
  workflows: { id: string }[];
  onChange: (filter: ExecutionFilter) => void;
}

/** Either nothing was ever run, or the filter hides it: then which part does. */
export function NoRows({ filter, names, workflows, onChange }: NoRowsProps) {
  const { trpc } = useRunledger();
  const clock = useClock();
  const words = filterWords(filter, clock, names);
  const counts = useQueries({
    queries: words
      .slice(0, MOST_PARTS)
      .map(({ keys }) =>
        trpc.execution.countExecutions.queryOptions({ filter: encodeFilter(without(filter, keys)), of }),
      ),
  });
  const { 0: all } = useQueries({ queries: [trpc.execution.countExecutions.queryOptions({ of })] });
  if (words.length === 0) return <FirstUse workflowId={workflows[0]?.id ?? null} />;
  const total = all?.data ? `None of ${counted(all.data.count, all.data.exactness)} match` : 'None match';
  return (
    <Empty title={total}>
      <p>{words.map(({ label, text }) => `${label.toLowerCase()} ${text}`).join(' · ')}</p>
      <div className="flex flex-wrap justify-center gap-2">
        {words.map(({ keys, label, text }, index) => {
          const found = counts[index]?.data;
          if (!found?.count) return null;
          return (
            <button key={label} type="button" className="btn" onClick={() => onChange(without(filter, keys))}>
              {`Drop “${label.toLowerCase()} ${text}” (${counted(found.count, found.exactness)} match)`}
            </button>
          );
        })}
        <button type="button" className="btn" onClick={() => onChange({})}>
          Clear all
        </button>
      </div>
    </Empty>
  );
}

const FIRST = `await runledger.execution.createExecution.mutate({
  workflowId, input: { item: 'rye loaf' },
});`;

function FirstUse({ workflowId }: { workflowId: string | null }) {
  return (
    <Empty title="No execution so far">
      <p>The first one appears here a moment after it starts.</p>
      <pre className="json text-start">{FIRST}</pre>
      <Link href={workflowId ? `/workflows/${workflowId}/start` : '/workflows'} className="btn solid">
        {workflowId ? 'Start one here' : 'See what can be started'}
      </Link>
    </Empty>
  );
}
