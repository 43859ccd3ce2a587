import { z } from 'zod';
import type { Execution } from './execution.ts';
import { Timestamp } from './execution.ts';
import type { Actor, ExecutionDetails, StoryTransition } from './execution-details.ts';
import { CANCELLED, isTerminal } from './facts/status.ts';
import type { Failure } from './failure.ts';
import { causesOf } from './failure.ts';
import { formatDuration } from './format-duration.ts';
import type { TransitionSource } from './outcome.ts';
import type { Step, Timeline } from './timeline.ts';

/** Something that an explanation rests on. */
export const Evidence = z.object({
  kind: z.enum(['transition', 'step', 'health', 'report']),
  /** Where it stands in `transitions`, in the timeline's `steps`, or in `reports`, from 0; `null` of the health. */
  index: z.number().int().nullable(),
  at: Timestamp.nullable(),
  text: z.string(),
});
export type Evidence = z.infer<typeof Evidence>;

/** Why an execution ended as it did, or how it stands. */
export const Explanation = z.object({
  /** One sentence, the cause first: "Card declined: chargeCard gave up after 3 attempts". */
  sentence: z.string(),
  evidence: z.array(Evidence),
  /** Of which revision of the execution that is told. */
  revision: z.number().int(),
});
export type Explanation = z.infer<typeof Explanation>;

/** What is explained: an execution with its story. */
export type Explainable = Execution & Pick<ExecutionDetails, 'transitions' | 'reports' | 'health'>;

const SOURCES = {
  watch: 'the long poll',
  feed: 'the closure feed',
  reconciler: 'the regular check',
  report: 'a report by the worker',
  service: 'the API',
  user: 'a person',
} satisfies Record<TransitionSource, string>;

/** Longest part of a sentence that quotes an error or a reason, in characters. */
const LONGEST_QUOTE = 300;

const quoted = (text: string) => {
  const [line = ''] = text.trim().split('\n');
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line;
};

const nameOf = ({ kind, name }: Actor): string =>
  kind === 'you' ? 'you' : (name ?? (kind === 'user' ? 'another user' : 'a program'));

/** Pure: why an execution ended, or how it stands, and by what that is known. @param now Milliseconds since 1970. */
export function explainExecution(
  execution: Explainable,
  timeline: Pick<Timeline, 'steps'> | null,
  now: number = Date.now(),
): Explanation {
  const steps = timeline?.steps ?? [];
  const { revision } = execution;
  return { sentence: sentenceOf(execution, steps, now), evidence: evidenceOf(execution, steps), revision };
}

function sentenceOf(execution: Explainable, steps: readonly Step[], now: number): string {
  if (!isTerminal(execution.status)) return openSentence(execution, steps, now);
  const took = execution.durationMs === null ? '' : ` in ${formatDuration(execution.durationMs)}`;
  const lost = execution.lostAt === null ? '' : ' Temporal does not know it any more.';
  switch (execution.status) {
    case 'completed':
      return `Completed${took}${execution.verdict ? `: ${quoted(execution.verdict)}` : ''}.${lost}`;
    case 'failed':
      return `${failureSentence(execution)}${lost}`;
    case 'timed_out':
      return `${timeoutSentence(execution, steps)}${lost}`;
    default:
      return `${stoppedSentence(execution)}${lost}`;
  }
}

/** Cause first, then where it happened. */
function failureSentence({ failure, errorMessage }: Explainable): string {
  const causes = causesIn(failure);
  const root = causes.at(-1);
  if (!root) return errorMessage ? quoted(errorMessage) : 'Failed, and nobody said why.';
  const failed = causes.find(({ activityType, childWorkflowType }) => activityType || childWorkflowType);
  const where = failed?.activityType ?? failed?.childWorkflowType;
  const message = quoted(root.message || root.type || 'Failed, without a message');
  if (!where) return message;
  const attempts = failed?.attempts ?? null;
  return `${message}: ${where} ${attempts !== null && attempts > 1 ? `gave up after ${attempts} attempts` : 'failed'}`;
}

/** The failures of a chain, the outermost first; none where the failure is whatever a caller reported. */
function causesIn(failure: unknown): Failure[] {
  if (typeof failure !== 'object' || failure === null) return [];
  return causesOf(failure as Failure, ({ cause }) => (typeof cause === 'object' ? cause : null)).filter(
    ({ message }) => typeof message === 'string',
  );
}

function timeoutSentence({ durationMs }: Explainable, steps: readonly Step[]): string {
  const ran = durationMs === null ? 'Ran longer than its limit' : `Ran out of time after ${formatDuration(durationMs)}`;
  const step = stepUnderWay(steps);
  if (!step) return ran;
  return `${ran}; ${step.name} was under way${step.attempts === null ? '' : ` (attempt ${step.attempts})`}`;
}

/** Cancelled or terminated: by whom, and why in their own words. */
function stoppedSentence({ status, transitions, endReason, cancelReason, errorMessage }: Explainable): string {
  const how = status === 'cancelled' ? 'Cancelled' : 'Terminated';
  const actor = [...transitions].reverse().find(({ toStatus, actor: by }) => toStatus === status && by)?.actor;
  const reason = endReason ?? (status === 'cancelled' ? cancelReason : null) ?? errorMessage;
  return `${how}${actor ? ` by ${nameOf(actor)}` : ''}${reason && reason !== CANCELLED ? `: ${quoted(reason)}` : ''}`;
}

function openSentence(
  { status, startBy, startedAt, engineStartedAt, health }: Explainable,
  steps: readonly Step[],
  now: number,
) {
  const stands = health && health.health !== 'live' ? ` ${health.reason ?? `It is ${health.health}.`}` : '';
  if (status === 'pending') return `Waits to be started${startBy ? waitsFor(Date.parse(startBy) - now) : ''}.${stands}`;
  const age = formatDuration(Math.max(0, now - Date.parse(engineStartedAt ?? startedAt)));
  // Of code that fails, the health says so.
  const step = stepUnderWay(steps.filter(({ kind }) => kind !== 'workflow_task'));
  const at = step ? `; step ${steps.indexOf(step) + 1}, ${step.name}` : '';
  return `Running for ${age}${at}.${stands}`;
}

/** No instant, whose zone whoever reads would have to know. */
const waitsFor = (ms: number) => (ms > 0 ? `, for ${formatDuration(ms)} more at most` : '; the time for that is over');

const UNDER_WAY: readonly Step['status'][] = ['scheduled', 'started', 'abandoned'];
const stepUnderWay = (steps: readonly Step[]) =>
  [...steps].reverse().find(({ kind, status }) => kind !== 'signal' && UNDER_WAY.includes(status));

const WENT_WRONG: readonly Step['status'][] = ['failed', 'timed_out', 'cancelled', 'terminated', 'abandoned'];

/** Steps told as evidence: the last that went wrong. */
const MOST_STEPS = 3;

function evidenceOf({ status, transitions, reports, health }: Explainable, steps: readonly Step[]): Evidence[] {
  const isOpen = !isTerminal(status);
  const told = isOpen ? UNDER_WAY : WENT_WRONG;
  const ofSteps = steps
    .flatMap((step, index) => (told.includes(step.status) && status !== 'completed' ? [{ step, index }] : []))
    .slice(-MOST_STEPS)
    .map(
      ({ step, index }): Evidence => ({
        kind: 'step',
        index,
        at: step.endedAt ?? step.scheduledAt,
        text: stepText(step),
      }),
    );
  const last = transitions.map(({ toStatus }) => toStatus).lastIndexOf(status);
  const transition = transitions[last];
  const contradicted = reports.flatMap((report, index): Evidence[] =>
    !isOpen && report.status !== status
      ? [
          {
            kind: 'report',
            index,
            at: report.reportedAt,
            text: `It was reported as ${report.status.replace('_', ' ')}.`,
          },
        ]
      : [],
  );
  return [
    ...(health ? [healthEvidence(health)] : []),
    ...ofSteps,
    ...(transition ? [transitionEvidence(transition, last)] : []),
    ...contradicted,
  ];
}

function stepText({ name, status, attempts, failure }: Step): string {
  const tries = attempts !== null && attempts > 1 ? ` after ${attempts} attempts` : '';
  const root = failure ? causesIn(failure).at(-1) : null;
  return `${name}: ${status.replace('_', ' ')}${tries}${root?.message ? `: ${quoted(root.message)}` : ''}`;
}

function healthEvidence({ health, reason, remedy, checkedAt }: NonNullable<Explainable['health']>): Evidence {
  const text = [`Health: ${health}.`, reason, remedy && `What to do: ${remedy}.`].filter(Boolean).join(' ');
  return { kind: 'health', index: null, at: checkedAt, text };
}

function transitionEvidence(transition: StoryTransition, index: number): Evidence {
  const { toStatus, source, authority, noticedAfterMs, recordedAt, actor } = transition;
  const late = noticedAfterMs === null ? '' : `, ${formatDuration(noticedAfterMs)} after it happened`;
  const word = authority === 'engine' ? 'Temporal says so' : 'Temporal was not asked, or has not confirmed it';
  const by = actor ? ` by ${nameOf(actor)}` : '';
  const text = `Recorded as ${toStatus.replace('_', ' ')}${by}, from ${SOURCES[source]}${late}; ${word}.`;
  return { kind: 'transition', index, at: recordedAt, text };
}
