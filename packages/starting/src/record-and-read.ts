import type { StartedExecution, StartedLedger, StopLedger } from '@runledger/contracts';
import type { StartRecorder } from './start-execution.ts';

/** Records one start at once and keeps the row that the ledger answered: for a caller who waits for it. */
export function recordAndRead(
  ledger: StartedLedger & StopLedger,
): StartRecorder & { recorded(): StartedExecution | null } {
  let last: StartedExecution | null = null;
  const record = async (start: Parameters<StartedLedger['recordStart']>[0]) => {
    const { answer, execution } = await ledger.recordStart(start);
    last = execution;
    return answer;
  };
  return {
    recordOpen: (open) => record({ open }),
    recordOutcome: (outcome) => record({ outcome }),
    stopKind: ledger.stopKind,
    /** As it stood when it was recorded; `null` before that, and where it was deleted meanwhile. */
    recorded: () => last,
  };
}
