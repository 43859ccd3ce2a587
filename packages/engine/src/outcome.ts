import type { CancelRequest, Failure, Outcome, TerminalStatus } from '@runledger/contracts';
import { ERROR_MESSAGE_LIMIT, storableText } from '@runledger/contracts';
import type { LoadedDataConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { DescribedRun } from './described-run.ts';
import { failingActivity, retryStateName } from './failure.ts';
import { cancelledSentence, failureSentence, terminatedSentence, timedOutSentence } from './failure-sentence.ts';
import { decodeOutput } from './output.ts';
import { readFailure } from './read-failure.ts';
import type { RunEnd } from './run-end.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Longest identity of a caller kept, in characters. */
const ACTOR_LIMIT = 500;

/** What of an outcome depends on how it ended. */
export type Ending = Pick<
  Outcome,
  'output' | 'outputNote' | 'failure' | 'errorMessage' | 'actor' | 'reason' | 'cancelRequest'
>;

export interface EndingInput {
  run: DescribedRun;
  /** `null` when the run's last event could not be read; the status then stands alone. */
  end: RunEnd | null;
  /** Which try of a workflow retry policy this was. */
  attempt: number;
  converter: LoadedDataConverter;
  /** The run's last events, newest first; asked for only where they can say more. */
  lastEvents(): Promise<HistoryEvent[]>;
  /** Who asked the run to cancel, however long ago. */
  cancelRequest(): Promise<CancelRequest | null>;
}

const NOTHING: Ending = {
  output: null,
  outputNote: null,
  failure: null,
  errorMessage: null,
  actor: null,
  reason: null,
};

/** Says how it ended, by status: what came out, or why it failed, in one sentence and in full. */
export const describeEnding = {
  async completed({ end, converter }) {
    // Its last event is larger than one message may be.
    if (!end) return { ...NOTHING, outputNote: 'too_large' };
    return { ...NOTHING, ...(await decodeOutput(converter, end.result)) };
  },

  async failed({ end, attempt, converter, lastEvents }) {
    if (!end?.failure)
      return { ...NOTHING, errorMessage: 'Failed; what its history says of it is gone, or too large to be read' };
    const activity = failingActivity(end.failure);
    const attempts = activity ? attemptOf(await lastEvents(), String(activity.startedEventId ?? '')) : null;
    const failure = await readFailure(converter, end.failure, attempts);
    if (!failure.activityType && attempt > 1) failure.attempts = attempt;
    failure.retryState ??= retryStateName(end.retryState);
    return { ...NOTHING, failure, errorMessage: failureSentence(failure) };
  },

  async timed_out({ run, end, attempt }) {
    const which =
      run.expiresAt !== null && run.closedAt !== null && run.closedAt >= run.expiresAt ? 'execution' : 'run';
    const limit = which === 'execution' ? run.executionTimeout : run.runTimeout;
    const errorMessage = timedOutSentence(which, limit, attempt);
    return { ...NOTHING, errorMessage, failure: own('TimeoutFailure', errorMessage, end, attempt) };
  },

  async terminated({ end, attempt }) {
    const actor = text(end?.identity, ACTOR_LIMIT);
    const reason = text(end?.reason, ERROR_MESSAGE_LIMIT);
    const errorMessage = terminatedSentence(reason);
    return { ...NOTHING, actor, reason, errorMessage, failure: own('TerminatedFailure', errorMessage, end, attempt) };
  },

  async cancelled({ end, attempt, cancelRequest }) {
    const request = await cancelRequest();
    const actor = request?.by ?? null;
    const reason = request?.reason ?? null;
    const errorMessage = cancelledSentence(reason);
    const failure = own('CancelledFailure', errorMessage, end, attempt);
    return { ...NOTHING, actor, reason, cancelRequest: request, errorMessage, failure };
  },
} satisfies Record<TerminalStatus, (input: EndingInput) => Promise<Ending>>;

function own(type: string, message: string, end: RunEnd | null, attempt: number): Failure {
  return {
    type,
    message,
    ...(attempt > 1 ? { attempts: attempt } : {}),
    ...(end?.retryState ? { retryState: retryStateName(end.retryState) } : {}),
  };
}

/** How often an activity was tried: the attempt of the start that its failure names. */
function attemptOf(events: HistoryEvent[], startedEventId: string): number | null {
  const started = events.find((event) => String(event.eventId) === startedEventId);
  return started?.activityTaskStartedEventAttributes?.attempt ?? null;
}

function text(raw: string | null | undefined, limit: number): string | null {
  return raw ? storableText(raw, limit) : null;
}
