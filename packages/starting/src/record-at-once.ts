import type { OutcomeLedger } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import type { StartRecorder } from './start-execution.ts';

/** Records without a queue that waits for a ledger that is away: for a caller who waits for the answer. */
export function recordAtOnce(ledger: OutcomeLedger): StartRecorder {
  async function only<T>(answers: Promise<T[]>): Promise<T> {
    const [answer] = await answers;
    if (answer === undefined) throw new ExecutionError('internal', 'The ledger gave no answer to what it was given.');
    return answer;
  }
  return {
    recordOpen: (item) => only(ledger.recordOpen([item])),
    recordOutcome: (item) => only(ledger.recordOutcomes([item])),
    stopKind: ledger.stopKind,
  };
}
