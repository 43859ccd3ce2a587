import { isTerminal } from '@runledger/contracts/status';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { CouldNotRead } from '../parts/could-not-read.tsx';
import { Duration, ElapsedTime } from '../parts/duration.tsx';
import { HealthLabel } from '../parts/health-label.tsx';
import { Icon } from '../parts/icon.tsx';
import { ProgressBar } from '../parts/progress-bar.tsx';
import { RelativeTime } from '../parts/relative-time.tsx';
import { LoadingLines } from '../parts/states.tsx';
import type { ExecutionDetails } from '../status/execution-status.tsx';
import { healthFor } from '../table/columns.tsx';
import { ExecutionTimeline } from '../timeline/execution-timeline.tsx';
import { useExecution } from '../use-execution.ts';
import { useOutcomeFacts } from '../use-outcome.ts';
import { useProgress } from '../use-progress.ts';
import { useRunledger } from '../use-runledger.ts';
import type { Audience } from '../words/use-words.tsx';
import { useWords, WordsProvider } from '../words/use-words.tsx';
import type { Words } from '../words/words.ts';
import type { ExecutionAction, StartedExecution } from './execution-actions.tsx';
import { ExecutionActions } from './execution-actions.tsx';
import { Payload } from './payload.tsx';

export type ExecutionSection = 'outcome' | 'facts' | 'steps' | 'input' | 'output';

export interface ExecutionViewProps {
  id: string;
  /** What is shown, in this order. Default: for users the outcome and the output, for the team everything. */
  sections?: readonly ExecutionSection[];
  /** What may be done, where it is possible. Default: nothing. */
  actions?: readonly ExecutionAction[];
  /** Users see how far it has got where the team sees its steps, and no error but by `words.why`. Default: `user`. */
  audience?: Audience;
  /** Called with the execution that a rerun has started. */
  onRerun?: (started: StartedExecution) => void;
  words?: Partial<Words>;
  /** The execution, where a server has read it for this page. */
  initial?: ExecutionDetails;
  error?: (error: unknown, retry: () => void) => ReactNode;
  loading?: ReactNode;
}

const SECTIONS: Record<Audience, readonly ExecutionSection[]> = {
  user: ['outcome', 'output'],
  team: ['outcome', 'facts', 'steps', 'input', 'output'],
};

/** One execution: how it ended and why, its steps, what it was given and returned, and what may be done about it. */
export function ExecutionView({ words, ...props }: ExecutionViewProps) {
  return (
    <WordsProvider words={words}>
      <View {...props} />
    </WordsProvider>
  );
}

function View({ id, audience = 'user', sections = SECTIONS[audience], actions = [], ...props }: ExecutionViewProps) {
  const { onRerun, initial, error, loading } = props;
  const needsPayloads = sections.includes('input') || sections.includes('output');
  const { data, error: failure, isError, refetch } = useExecution(id, { payloads: needsPayloads });
  const execution = data ?? initial;
  if (!execution) {
    const retry = () => void refetch();
    if (isError) return error ? error(failure, retry) : <CouldNotRead error={failure} retry={retry} />;
    return loading ?? <LoadingLines lines={sections.length} />;
  }
  return (
    <div className="rl rl-panel rl-view">
      {sections.map((section) => (
        <Section key={section} section={section} execution={execution} audience={audience}>
          {actions.length > 0 && <ExecutionActions execution={execution} actions={actions} onRerun={onRerun} />}
        </Section>
      ))}
    </div>
  );
}

/** @param props.children What may be done, which stands beside the outcome */
function Section({ section, children, ...props }: PartProps & { section: ExecutionSection; children: ReactNode }) {
  const { execution, audience } = props;
  switch (section) {
    case 'outcome':
      return <Outcome {...props}>{children}</Outcome>;
    case 'facts':
      return <Facts {...props} />;
    case 'steps':
      return audience === 'team' ? <Steps id={execution.id} /> : <Progress id={execution.id} />;
    case 'input':
      return <Input execution={execution} />;
    case 'output':
      return <Output execution={execution} />;
  }
}

interface PartProps {
  execution: ExecutionDetails;
  audience: Audience;
}

function Outcome({ execution, audience, children }: PartProps & { children: ReactNode }) {
  const words = useWords();
  const { trpc } = useRunledger();
  const facts = useOutcomeFacts(execution);
  const { id, status, revision } = execution;
  // Of each revision anew; what stood there stays until then.
  const { data: explained } = useQuery({
    ...trpc.execution.explainExecution.queryOptions({ id }),
    enabled: audience === 'team' && isTerminal(status),
    placeholderData: (before) => before,
    queryHash: `runledger explanation ${id} ${revision}`,
  });
  const why = words.why?.(execution);
  return (
    <section className="rl-outcome" data-status={status}>
      <Icon name={status} />
      <div>
        <p className="rl-headline" role="status">
          {words[status]}
        </p>
        <p>
          <bdi>{explained && isTerminal(status) ? explained.sentence : facts && words.outcome(facts)}</bdi>
        </p>
        {why && (
          <p className="rl-why-text" dir="auto">
            {why}
          </p>
        )}
        <HealthLabel health={healthFor(audience, status, execution.health?.health ?? null)} />
        {audience === 'team' && execution.health?.remedy && <p className="rl-muted">{execution.health.remedy}</p>}
      </div>
      {children}
    </section>
  );
}

function Facts({ execution, audience }: PartProps) {
  const words = useWords();
  const { status, startedAt, engineStartedAt, durationMs, workflow, userName, tags, id } = execution;
  return (
    <dl className="rl-section rl-facts">
      <Fact name={words.factWorkflow}>{workflow.name}</Fact>
      {audience === 'team' && userName && <Fact name={words.factUser}>{userName}</Fact>}
      <Fact name={words.columnStarted}>
        <RelativeTime at={startedAt} />
      </Fact>
      <Fact name={words.columnTook}>
        {status === 'running' ? <ElapsedTime since={engineStartedAt ?? startedAt} /> : <Duration ms={durationMs} />}
      </Fact>
      {audience === 'team' && tags.length > 0 && (
        <Fact name={words.columnTags}>
          {tags.map((tag) => (
            <span key={tag} className="rl-tag">
              {tag}
            </span>
          ))}
        </Fact>
      )}
      {audience === 'team' && (
        <Fact name={words.columnId}>
          <code>{id}</code>
        </Fact>
      )}
    </dl>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

function Steps({ id }: { id: string }) {
  const words = useWords();
  return (
    <section className="rl-section rl-steps">
      <h3>{words.steps}</h3>
      <ExecutionTimeline id={id} compareWith="lastSuccess" />
    </section>
  );
}

function Progress({ id }: { id: string }) {
  const { data } = useProgress(id);
  if (!data || (isTerminal(data.status) && data.estimated)) return null;
  return (
    <section className="rl-section">
      <ProgressBar progress={data} />
    </section>
  );
}

function Input({ execution: { input, inputNote } }: Pick<PartProps, 'execution'>) {
  const words = useWords();
  return (
    <Payload title={words.input} value={input}>
      {inputNote ? words.notKept : words.noInput}
    </Payload>
  );
}

function Output({ execution: { status, output, outputNote } }: Pick<PartProps, 'execution'>) {
  const words = useWords();
  return (
    <Payload title={words.output} value={output}>
      {outputNote ? words.notKept : noOutput(status, words)}
    </Payload>
  );
}

function noOutput(status: ExecutionDetails['status'], words: Words): string {
  if (!isTerminal(status)) return words.noOutputYet;
  return status === 'completed' ? words.noOutput : words.noOutputOfUnsuccessful;
}
