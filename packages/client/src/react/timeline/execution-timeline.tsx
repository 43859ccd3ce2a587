import type { Timeline } from '@runledger/contracts';
import { isTerminal } from '@runledger/contracts/status';
import { useQuery } from '@tanstack/react-query';
import { CouldNotRead } from '../parts/could-not-read.tsx';
import { LoadingLines } from '../parts/states.tsx';
import { useNow } from '../parts/use-now.ts';
import { useExecution } from '../use-execution.ts';
import { useRunledger } from '../use-runledger.ts';
import { useTimeline } from '../use-timeline.ts';
import { useWords, WordsProvider } from '../words/use-words.tsx';
import type { Words } from '../words/words.ts';
import type { TimelineTableProps } from './timeline-table.tsx';
import { TimelineTable } from './timeline-table.tsx';

export interface ExecutionTimelineProps extends Pick<TimelineTableProps, 'selected' | 'onSelect' | 'focusKey'> {
  id: string;
  /** Draws the same steps of another execution below: the latest that completed before it, or one by its id. Default: none. */
  compareWith?: 'lastSuccess' | (string & {});
  words?: Partial<Words>;
}

/** The steps of an execution along time, while it runs and after. Names of steps are for the team, not for customers. */
export function ExecutionTimeline({ words, ...props }: ExecutionTimelineProps) {
  return (
    <WordsProvider words={words}>
      <Steps {...props} />
    </WordsProvider>
  );
}

/** An open execution is drawn on as time goes by this often, in milliseconds. */
const STEP_MS = 1_000;

function Steps({ id, compareWith, ...table }: Omit<ExecutionTimelineProps, 'words'>) {
  const words = useWords();
  const { trpc } = useRunledger();
  const { data: execution, ...one } = useExecution(id, { payloads: false });
  const { data: timeline, dataUpdatedAt, ...steps } = useTimeline(id);
  const { data: comparison } = useQuery({
    ...trpc.execution.compareExecutions.queryOptions({ id, ...(compareWith ? { with: compareWith } : {}) }),
    enabled: compareWith !== undefined && timeline !== undefined,
  });
  const now = useNow(STEP_MS) ?? dataUpdatedAt;
  const failed = [one, steps].find(({ isError }) => isError);
  if ((!execution || !timeline) && failed)
    return <CouldNotRead error={failed.error} retry={() => void failed.refetch()} />;
  if (!execution || !timeline) return <LoadingLines lines={1} />;
  // One that Temporal does not run has no history to have steps of.
  const told = execution.engine === 'none' ? words.noSteps : whatIsKnown(timeline, words);
  if (told !== null) return <p className="rl rl-muted">{told}</p>;
  const isOpen = !isTerminal(execution.status);
  const fromMs = Date.parse(execution.startedAt);
  return (
    <TimelineTable
      {...table}
      steps={timeline.steps}
      fromMs={fromMs}
      toMs={
        isOpen ? Math.max(now, lastEnd(timeline)) : Math.max(Date.parse(execution.completedAt ?? ''), lastEnd(timeline))
      }
      omitted={Object.values(timeline.omitted).reduce((sum, count) => sum + (count ?? 0), 0)}
      {...(comparison ? { others: comparison.steps } : {})}
    />
  );
}

/** Said where there is nothing to draw. */
function whatIsKnown({ state, steps }: Timeline, words: Words): string | null {
  if (steps.length > 0) return null;
  if (state === 'pending') return words.stepsPending;
  return state === 'missing' ? words.stepsMissing : words.noSteps;
}

/** Clocks of machines differ: what ended after the end is drawn all the same. Milliseconds since 1970, 0 without any. */
function lastEnd({ steps }: Timeline): number {
  return steps.reduce((last, { endedAt, scheduledAt }) => Math.max(last, Date.parse(endedAt ?? scheduledAt)), 0);
}
