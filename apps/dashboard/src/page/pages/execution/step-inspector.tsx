import { formatDuration } from '@runledger/contracts/format-duration';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Panel } from '../../parts/panel.tsx';
import { useClock } from '../../parts/time.tsx';
import type { Step } from './types.ts';

type Failure = NonNullable<Step['failure']>;

const rootOf = (failure: Failure): Failure => {
  let root = failure;
  while (root.cause) root = root.cause;
  return root;
};

const RETRY_STATES: Record<string, string> = {
  MAXIMUM_ATTEMPTS_REACHED: ', then no more were allowed',
  NON_RETRYABLE_FAILURE: ', and it must not be tried again',
  TIMEOUT: ', then its time was over',
  CANCEL_REQUESTED: ', then it was asked to stop',
};

/** Longer messages scroll, in characters. */
const SCROLLS_FROM = 500;

/** One step: how it ended, how often it was tried, and why the last attempt failed. @param childId The execution that a child is, where there is one. */
export function StepInspector({ step, childId }: { step: Step; childId: string | null }) {
  const clock = useClock();
  const root = step.failure ? rootOf(step.failure) : null;
  const isLong = (root?.message.length ?? 0) > SCROLLS_FROM;
  const attempts = step.attempts;
  const lasted = step.startedAt && step.endedAt ? Date.parse(step.endedAt) - Date.parse(step.startedAt) : null;
  const { child } = step;
  const facts: [string, ReactNode][] = [
    ['Kind', step.kind.replace('_', ' ')],
    ['Summary', step.summary ?? null],
    [
      'Child',
      child && childId ? (
        <Link href={`/executions/${childId}`} className="text-primary">
          {child.workflowId}
        </Link>
      ) : (
        child?.workflowId
      ),
    ],
    ['Attempts', attempts === null ? null : `${attempts}${RETRY_STATES[step.failure?.retryState ?? ''] ?? ''}`],
    ['Scheduled', clock.preciseOf(step.scheduledAt)],
    [
      'Last attempt',
      step.startedAt &&
        `${clock.preciseOf(step.startedAt)}${lasted === null ? '' : `, took ${formatDuration(lasted)}`}`,
    ],
    ['Earlier ones', attempts !== null && attempts > 1 ? 'Temporal keeps no times of them' : null],
    ['Ended', step.endedAt && clock.preciseOf(step.endedAt)],
  ];
  return (
    <Panel title={step.name} aside={<StepStatus step={step} />}>
      <div className="pad grid gap-3">
        {root && (
          <p className="max-h-96 overflow-auto [overflow-wrap:anywhere]" tabIndex={isLong ? 0 : undefined}>
            {root.message.split('\n', 1)[0]} {root.type && <small className="text-muted">{root.type}</small>}
          </p>
        )}
        <dl className="kv">
          {facts
            .filter(([, value]) => value)
            .map(([label, value]) => (
              <div key={label} className="contents">
                <dt>{label}</dt>
                <dd className="tabular-nums">{value}</dd>
              </div>
            ))}
        </dl>
        {root?.stack && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
          <pre className="json text-muted" tabIndex={0}>
            {root.stack}
          </pre>
        )}
      </div>
    </Panel>
  );
}

const BAD = new Set<Step['status']>(['failed', 'timed_out']);

function StepStatus({ step: { kind, status, endedAt } }: { step: Step }) {
  const isFailing = kind === 'workflow_task' && endedAt === null;
  const words = isFailing ? 'fails' : status.replace('_', ' ');
  return (
    <span className={`font-[540] ${isFailing || BAD.has(status) ? 'text-danger' : 'text-muted'}`}>
      {words.charAt(0).toUpperCase() + words.slice(1)}
    </span>
  );
}
