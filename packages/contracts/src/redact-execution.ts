import type { Execution } from './execution.ts';
import type { ExecutionDetails, StoryTransition } from './execution-details.ts';
import { REDACTED } from './facts/redacted.ts';
import type { Failure } from './failure.ts';
import type { Json } from './json.ts';
import type { Progress } from './progress.ts';
import type { ExecutionHealth } from './proof.ts';
import { withoutFailure } from './quoted-failure.ts';
import { redactJson } from './redact-json.ts';
import { hidesError, pointersInto } from './redaction-rules.ts';
import { isTerminal } from './status.ts';
import type { Timeline } from './timeline.ts';

type Redact = readonly string[];

type Listed = Pick<Execution, 'errorMessage' | 'metadata'> &
  Partial<Pick<Execution, 'endReason' | 'outcomeAuthority'>> &
  Partial<Pick<ExecutionHealth, 'reason'>>;

/** Pure: what a list shows of an execution. */
export function redactRow<Row extends Listed>(row: Row, redact: Redact): Row {
  if (redact.length === 0) return row;
  return {
    ...row,
    ...(row.reason ? { reason: redactReason(row.reason, redact) } : {}),
    ...(row.endReason && isError(row) ? { endReason: redactMessage(row.endReason, redact) } : {}),
    errorMessage: redactMessage(row.errorMessage, redact),
    metadata: redactRecord(row.metadata, redact),
  };
}

/** Whether why it ended is the error that a program has reported, not what somebody said who ended it. */
const isError = ({ endReason, errorMessage, outcomeAuthority }: Listed) =>
  outcomeAuthority === 'reported' || endReason === errorMessage;

/** Pure: inputs and outputs on their own. */
export function redactPayloads<Of extends Partial<Pick<Execution, 'input' | 'output'>>>(of: Of, redact: Redact): Of {
  const parts = (['input', 'output'] as const).flatMap((part) => {
    const value = of[part];
    return value === undefined ? [] : [[part, redactJson(value, pointersInto(redact, part))]];
  });
  return { ...of, ...Object.fromEntries(parts) };
}

/** Pure: an execution with its payloads. */
export function redactExecution<Of extends Execution>(execution: Of, redact: Redact): Of {
  if (redact.length === 0) return execution;
  return {
    ...redactPayloads(redactRow(execution, redact), redact),
    failure: redactFailure(execution.failure, redact),
    stateSnapshot: redactJson(execution.stateSnapshot, pointersInto(redact, 'stateSnapshot')),
  };
}

/** Pure: all that the page of an execution shows. */
export function redactDetails(details: ExecutionDetails, redact: Redact): ExecutionDetails {
  if (redact.length === 0) return details;
  return {
    ...redactExecution(details, redact),
    transitions: details.transitions.map((transition) => redactTransition(transition, redact)),
    runs: details.runs.map((run) => ({ ...run, errorMessage: redactMessage(run.errorMessage, redact) })),
    health: details.health && redactHealth(details.health, redact),
    progress: details.progress && redactProgress(details.progress, redact),
  };
}

/** What a program reports of an end says what it failed with. */
function redactTransition(transition: StoryTransition, redact: Redact): StoryTransition {
  const { authority, source, toStatus, reason } = transition;
  const isReport = authority === 'reported' && source !== 'user' && isTerminal(toStatus);
  return isReport ? { ...transition, reason: redactMessage(reason, redact) } : transition;
}

/** Pure: what is wrong without what an activity failed with. */
export function redactHealth(health: ExecutionHealth, redact: Redact): ExecutionHealth {
  return health.reason === null ? health : { ...health, reason: redactReason(health.reason, redact) };
}

const redactReason = (reason: string, redact: Redact): string =>
  hidesError(redact, '') ? withoutFailure(reason, REDACTED) : reason;

/** Pure: steps without what they failed with. */
export function redactTimeline<Of extends Pick<Timeline, 'steps'>>(timeline: Of, redact: Redact): Of {
  const hidesFailure = pointersInto(redact, 'failure').length > 0;
  const hidesSummary = pointersInto(redact, 'progress').length > 0;
  if (!hidesFailure && !hidesSummary) return timeline;
  const steps = timeline.steps.map((step) => ({
    ...step,
    ...(hidesFailure && step.failure
      ? { failure: redactFailure(step.failure as unknown as Json, redact) as unknown as Failure }
      : {}),
    ...(hidesSummary && step.summary !== undefined ? { summary: REDACTED } : {}),
  }));
  return { ...timeline, steps };
}

/** Pure: progress without its sentence; how far it has got stays. */
export function redactProgress(progress: Progress, redact: Redact): Progress {
  if (progress.message === null || pointersInto(redact, 'progress').length === 0) return progress;
  return { ...progress, message: REDACTED };
}

function redactMessage<Message extends string | null>(message: Message, redact: Redact): Message {
  return message !== null && hidesError(redact, message) ? (REDACTED as Message) : message;
}

/** It stays a record: all of it redacted is each of its values. */
function redactRecord(record: Record<string, Json>, redact: Redact): Record<string, Json> {
  const paths = pointersInto(redact, 'metadata').map((path) => (path.length === 0 ? ['*'] : path));
  return redactJson(record, paths) as Record<string, Json>;
}

/** What tells the kind of a failure, and nothing of what it was about. */
const KIND = {
  type: 'string',
  nonRetryable: 'boolean',
  detailsNote: 'string',
  activityType: 'string',
  childWorkflowType: 'string',
  attempts: 'number',
  retryState: 'string',
  omittedCauses: 'number',
} as const;

/**
 * A failure with its causes. Where its message is hidden, so is all of it but its kind; a failure that somebody reported
 * in another form than ours is redacted whole then.
 */
function redactFailure(failure: Json, redact: Redact): Json {
  const paths = pointersInto(redact, 'failure');
  if (paths.length === 0 || failure === null) return failure;
  const isWhole = hidesError(redact, '');
  if (!isObject(failure)) return redactJson(failure, isWhole ? [[]] : paths);
  const { cause, ...own } = failure;
  const causes: Record<string, Json> = cause === undefined ? {} : { cause: redactFailure(cause, redact) };
  if (!isWhole) return { ...(redactJson(own, paths) as Record<string, Json>), ...causes };
  if (typeof own.message !== 'string') return REDACTED;
  const kind = Object.entries(KIND).filter(([name, type]) => typeof own[name] === type);
  return {
    type: null,
    ...Object.fromEntries(kind.map(([name]) => [name, own[name] as Json])),
    message: REDACTED,
    ...causes,
  };
}

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
