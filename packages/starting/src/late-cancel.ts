import type { ControlResult, Engine, EngineTarget, OpenRun, RecordAnswer } from '@runledger/contracts';

/** A request to cancel as a row holds it. */
export type CancelOfRow = Pick<RecordAnswer, 'cancelRequestedAt' | 'cancelRequestedBy' | 'cancelReason'>;

/**
 * Sends a cancel that has not reached the engine on to the run that it is about, and to no other. `null`: there is none, or the
 * engine has it. Where the row does not name who asked, the ledger does so in its own name.
 * @throws ExecutionError `engine_unavailable`, `engine_throttled`, `engine_refused`
 */
export async function sendCancelOn(
  engine: Pick<Engine, 'cancel'>,
  target: Omit<EngineTarget, 'firstRunId'>,
  { row, open }: { row: CancelOfRow; open: Pick<OpenRun, 'firstRunId' | 'runId' | 'cancelRequested'> },
): Promise<ControlResult | null> {
  if (row.cancelRequestedAt === null || open.cancelRequested) return null;
  return engine.cancel(
    { ...target, firstRunId: open.firstRunId },
    {
      actor: row.cancelRequestedBy ?? 'runledger',
      reason: row.cancelReason ?? 'cancel requested',
      runId: open.runId,
    },
  );
}
