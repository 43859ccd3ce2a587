import { formatDuration } from '@runledger/contracts/format-duration';
import type { ExecutionStatus } from '@runledger/contracts/status';

/** What a customer may know of an execution. */
export interface OutcomeFacts {
  status: ExecutionStatus;
  /** Name of its workflow; `null` where it is not known. */
  name: string | null;
  /** Of one that has ended, how long it took. */
  durationMs: number | null;
  /** Of an open one, how long it runs; `null` where that is not known yet (on a server). */
  ageMs: number | null;
  /** Of an open one, how long half of such take. */
  usualMs: number | null;
}

export interface ActionWords {
  /** One sentence on how it stands or ended, that names no internals. */
  outcome(facts: OutcomeFacts): string;
  executionErrorTitle: string;
  notFound: string;
  progress: string;
  percent(percent: number, isEstimated: boolean): string;
  stepOf(step: number, steps: number | null): string;
  input: string;
  output: string;
  noInput: string;
  noOutput: string;
  noOutputYet: string;
  /** Of one that ended otherwise than completed. */
  noOutputOfUnsuccessful: string;
  /** Of a payload that is known to have been there. */
  notKept: string;
  factWorkflow: string;
  factUser: string;
  cancel: string;
  terminate: string;
  rerun: string;
  confirmCancel: string;
  confirmTerminate: string;
  confirmRerun: string;
  doCancel: string;
  doTerminate: string;
  doRerun: string;
  keep: string;
  reason: string;
  cancelRequested: string;
  rerunStarted: string;
  actionFailed: string;
}

function outcome({ status, name, durationMs, ageMs, usualMs }: OutcomeFacts): string {
  const what = name ?? 'It';
  const took = durationMs === null ? '' : ` after ${formatDuration(durationMs)}`;
  switch (status) {
    case 'pending':
      return `${what} waits to be started.`;
    case 'running': {
      const runs = ageMs === null ? 'is running' : `has been running for ${formatDuration(ageMs)}`;
      return `${what} ${runs}${usualMs === null ? '' : `, usually takes about ${formatDuration(usualMs)}`}.`;
    }
    case 'completed':
      return `${what} completed${durationMs === null ? '' : ` in ${formatDuration(durationMs)}`}.`;
    case 'failed':
      return `${what} failed${took}.`;
    case 'cancelled':
      return `${what} was cancelled${took}.`;
    case 'timed_out':
      return `${what} timed out${took}.`;
    case 'terminated':
      return `${what} was terminated${took}.`;
  }
}

export const ACTION_WORDS: ActionWords = {
  outcome,
  executionErrorTitle: 'It could not be loaded',
  notFound: 'There is no such execution, or it is not yours.',
  progress: 'Progress',
  percent: (percent, isEstimated) => `${isEstimated ? 'about ' : ''}${Math.round(percent)} %`,
  stepOf: (step, steps) => (steps === null ? `step ${step}` : `step ${step} of ${steps}`),
  input: 'Input',
  output: 'Output',
  noInput: 'None.',
  noOutput: 'None: it returned nothing.',
  noOutputOfUnsuccessful: 'None: it ended before it returned anything.',
  noOutputYet: 'None so far: it has not ended.',
  notKept: 'It was not kept.',
  factWorkflow: 'Workflow',
  factUser: 'Started by',
  cancel: 'Cancel…',
  terminate: 'Terminate…',
  rerun: 'Run again…',
  confirmCancel: 'Cancel it? It is asked to stop, and may clean up first.',
  confirmTerminate: 'Terminate it? It ends at once and cleans nothing up.',
  confirmRerun: 'Run it again with the same input? This starts a new execution.',
  doCancel: 'Cancel it',
  doTerminate: 'Terminate it',
  doRerun: 'Run again',
  keep: 'Leave it as it is',
  reason: 'Reason',
  cancelRequested: 'Asked to stop.',
  rerunStarted: 'A new execution was started.',
  actionFailed: 'That did not work:',
};
