import type { ControlResult, Engine, EngineTarget, OpenRun, RecordAnswer, StopLedger } from '@runledger/contracts';

/** A request to cancel as a row holds it. */
export type CancelOfRow = Pick<RecordAnswer, 'cancelRequestedAt' | 'cancelRequestedBy' | 'cancelReason'>;

export interface SendOnDeps {
  engine: Pick<Engine, 'cancel' | 'terminate'>;
  ledger: StopLedger;
}

/**
 * Sends a cancel that has not reached the engine on to the run that it is about, and to no other; as a terminate, where that was
 * asked for before anybody knew of a run. `null`: there is none, or the engine has it. Where the row does not name who asked,
 * the ledger does so in its own name.
 * @throws ExecutionError `engine_unavailable`, `engine_throttled`, `engine_refused`, `ledger_unavailable`
 */
export async function sendCancelOn(
  { engine, ledger }: SendOnDeps,
  { executionId, ...target }: Omit<EngineTarget, 'firstRunId'> & { executionId: string },
  { row, open }: { row: CancelOfRow; open: Pick<OpenRun, 'firstRunId' | 'runId' | 'cancelRequested'> },
): Promise<ControlResult | null> {
  if (row.cancelRequestedAt === null) return null;
  const kind = await ledger.stopKind(executionId, row.cancelRequestedAt);
  // A cancel that the engine has does not stop what was to be terminated: its workflow may decline.
  if (kind === 'cancel' && open.cancelRequested) return null;
  return engine[kind](
    { ...target, firstRunId: open.firstRunId },
    {
      actor: row.cancelRequestedBy ?? 'runledger',
      reason: row.cancelReason ?? 'cancel requested',
      runId: open.runId,
    },
  );
}
