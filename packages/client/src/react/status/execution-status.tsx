import type { ReactNode } from 'react';
import type { RouterOutputs } from '../../router-types.ts';
import { CouldNotRead } from '../parts/could-not-read.tsx';
import { LiveLabel } from '../parts/live-label.tsx';
import { ProgressBar } from '../parts/progress-bar.tsx';
import { LoadingLines } from '../parts/states.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { useExecution } from '../use-execution.ts';
import type { Glance } from '../use-outcome.ts';
import { useOutcomeFacts } from '../use-outcome.ts';
import { useProgress } from '../use-progress.ts';
import { useWords, WordsProvider } from '../words/use-words.tsx';
import type { Words } from '../words/words.ts';
import { useSettled } from './use-settled.ts';

/** One execution as `getExecution` answers it, without payloads. */
export type ExecutionDetails = RouterOutputs['execution']['getExecution'];

export interface ExecutionStatusProps {
  id: string;
  /** A line with a sentence, an icon and a word in a frame, or a bar of progress. Default: `line`. */
  variant?: 'line' | 'badge' | 'progress';
  /** Called once it has ended, also where it had before; again where it ends anew. */
  onSettled?: (execution: ExecutionDetails) => void;
  words?: Partial<Words>;
  /** How it stands as far as the page knows, until it is read; a server renders this. */
  initial?: Glance;
  /** In place of what is shown where it could not be read. */
  error?: (error: unknown, retry: () => void) => ReactNode;
  /** In place of the grey line. */
  loading?: ReactNode;
}

/** How one execution stands, as it changes. */
export function ExecutionStatus({ words, ...props }: ExecutionStatusProps) {
  return (
    <WordsProvider words={words}>
      <Status {...props} />
    </WordsProvider>
  );
}

function Status({ id, variant = 'line', onSettled, initial, error, loading }: Omit<ExecutionStatusProps, 'words'>) {
  const { data, error: failure, isError, refetch, live } = useExecution(id, { payloads: false });
  useSettled(data, onSettled);
  const shown = data ?? initial;
  if (!shown) {
    const retry = () => void refetch();
    if (isError) return error ? error(failure, retry) : <CouldNotRead error={failure} retry={retry} />;
    return loading ?? (variant === 'badge' ? null : <LoadingLines lines={1} />);
  }
  if (variant === 'badge') {
    return (
      <Told status={shown.status}>
        <StatusLabel status={shown.status} variant="badge" />
      </Told>
    );
  }
  return (
    <div className="rl rl-panel rl-line" data-variant={variant}>
      <Told status={shown.status}>
        <StatusLabel status={shown.status} />
      </Told>
      {variant === 'progress' ? <Progress id={id} shown={shown} /> : <Sentence shown={shown} />}
      {live.state !== 'off' && <LiveLabel live={live} />}
    </div>
  );
}

/** Read out when the status becomes another one, and not as time goes by. */
function Told({ status, children }: { status: Glance['status']; children: ReactNode }) {
  return (
    <span role="status" data-status={status}>
      {children}
    </span>
  );
}

function Sentence({ shown }: { shown: Glance }) {
  const words = useWords();
  const facts = useOutcomeFacts(shown);
  return (
    facts && (
      <span className="rl-sentence">
        <bdi>{words.outcome(facts)}</bdi>
      </span>
    )
  );
}

const NOT_KNOWN = { percent: null, step: null, steps: null, message: null, estimated: true };
const DONE = { ...NOT_KNOWN, percent: 100, estimated: false };

function Progress({ id, shown }: { id: string; shown: Glance }) {
  const isOpen = shown.status === 'pending' || shown.status === 'running';
  const { data } = useProgress(id);
  if (shown.status === 'completed') return <ProgressBar progress={{ ...DONE, message: data?.message ?? null }} />;
  if (!isOpen && data?.estimated) return <Sentence shown={shown} />;
  return <ProgressBar progress={data ?? NOT_KNOWN} />;
}
