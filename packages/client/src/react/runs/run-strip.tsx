import { useQuery } from '@tanstack/react-query';
import { useRunledger } from '../use-runledger.ts';
import { useReadAfterChanges } from '../use-statistics.ts';
import { WordsProvider } from '../words/use-words.tsx';
import type { Words } from '../words/words.ts';
import { RunMarks } from './run-marks.tsx';

export interface RunStripProps {
  workflowId: string;
  /** How many of the latest, 100 at most. Default: 30. */
  last?: number;
  words?: Partial<Words>;
}

/** How the caller's latest executions of a workflow ended, and again as they change. */
export function RunStrip({ workflowId, last = 30, words }: RunStripProps) {
  const { trpc } = useRunledger();
  const options = trpc.execution.recentRuns.queryOptions({ workflowIds: [workflowId], last });
  useReadAfterChanges(options.queryKey);
  const { data } = useQuery(options);
  return <WordsProvider words={words}>{data && <RunMarks runs={data[workflowId] ?? []} />}</WordsProvider>;
}
