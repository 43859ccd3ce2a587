import type {
  ChainRun,
  Engine,
  OpenRun,
  PendingStart,
  RecordAnswer,
  RecordOpen,
  RecordOutcome,
  StartResult,
  TransitionSource,
} from '@runledger/contracts';
import { sendCancelOn } from './late-cancel.ts';
import { refusedStart } from './refused-start.ts';

/** Where a start is recorded: the monitor's recorder, or the ledger at once (`recordAtOnce`). */
export interface StartRecorder {
  recordOpen(item: RecordOpen): Promise<RecordAnswer>;
  recordOutcome(item: RecordOutcome): Promise<RecordAnswer>;
}

export interface StartDeps {
  engine: Pick<Engine, 'start' | 'cancel'>;
  recorder: StartRecorder;
  /** Who starts it: `service` for the request that admitted it, `reconciler` for what was left pending. */
  source: Extract<TransitionSource, 'service' | 'reconciler'>;
}

/**
 * Starts an admitted execution and records what came of it: `running`, or `failed` with type `StartRefused` where Temporal
 * refuses it for good. Somebody may have cancelled it meanwhile, too early for Temporal: that request follows the start.
 *
 * Safe to repeat: the engine never starts one id twice, and what is recorded already changes nothing.
 * @throws ExecutionError `engine_unavailable`, `engine_throttled`, `ledger_unavailable`: it may run, and stays pending until
 *   the next try
 */
export async function startExecution(pending: PendingStart, deps: StartDeps): Promise<StartResult> {
  const { engine, recorder, source } = deps;
  const { executionId, ...request } = pending;
  const result = await engine.start(request);
  if (result.kind === 'refused') {
    const outcome = refusedStart(result.failure, new Date().toISOString());
    await recorder.recordOutcome({ executionId, source, outcome });
    return result;
  }
  const open = startedRun(result);
  const row = await recorder.recordOpen({ executionId, source, open });
  const { namespace, temporalWorkflowId } = request;
  if (row.status === 'running') await sendCancelOn(engine, { namespace, temporalWorkflowId }, { row, open });
  return result;
}

/** The first run, open as far as is known. A chain that is further on by now is followed from here. */
function startedRun({ firstRunId, engineStartedAt }: StartResult & { kind: 'started' }): OpenRun {
  return {
    firstRunId,
    runId: firstRunId,
    engineStartedAt,
    firstTaskAt: null,
    cancelRequested: false,
    engineStatus: 'RUNNING',
    wedged: null,
    runs: engineStartedAt === null ? [] : [firstRun(firstRunId, engineStartedAt)],
  };
}

function firstRun(runId: string, startedAt: string): ChainRun {
  return {
    runId,
    runNumber: 1,
    cause: 'start',
    previousRunId: null,
    status: 'running',
    startedAt,
    closedAt: null,
    errorMessage: null,
    wasEnd: false,
  };
}
