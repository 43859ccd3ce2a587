import type { Failure, Outcome } from '@runledger/contracts';
import { ERROR_MESSAGE_LIMIT, storableText } from '@runledger/contracts';

/** The outcome of a start that Temporal refused for good: nothing ran, so there is no run. */
export function startRefused(failure: Failure, at: string): Outcome {
  return {
    status: 'failed',
    runId: null,
    firstRunId: null,
    closedAt: at,
    engineStartedAt: null,
    firstTaskAt: null,
    output: null,
    outputNote: null,
    failure: { ...failure, type: 'StartRefused' },
    errorMessage: storableText(`Temporal refused to start it: ${failure.message}`, ERROR_MESSAGE_LIMIT),
    actor: null,
    reason: null,
    runs: [],
  };
}
