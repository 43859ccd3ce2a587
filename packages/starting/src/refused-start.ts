import type { Failure, Outcome } from '@runledger/contracts';
import { EMPTY_OUTCOME, ERROR_MESSAGE_LIMIT, storableText } from '@runledger/contracts';

/** The outcome of a start that Temporal refused for good: nothing ran, so there is no run. `at`: ISO 8601. */
export function refusedStart(failure: Failure, at: string): Outcome {
  return {
    ...EMPTY_OUTCOME,
    status: 'failed',
    closedAt: at,
    failure: { ...failure, type: 'StartRefused' },
    errorMessage: storableText(`Temporal refused to start it: ${failure.message}`, ERROR_MESSAGE_LIMIT),
  };
}
