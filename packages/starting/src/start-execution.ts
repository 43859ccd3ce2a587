import type {
  ChainRun,
  Engine,
  OpenRun,
  PendingStart,
  RecordAnswer,
  RecordOpen,
  RecordOutcome,
  RecordStart,
  StartResult,
  StopLedger,
  TransitionSource,
} from '@runledger/contracts';
import type { SendOnDeps } from './late-cancel.ts';
import { sendCancelOn } from './late-cancel.ts';
import { refusedStart } from './refused-start.ts';

/** Where a start is recorded: the monitor's recorder, or the ledger at once (`recordAtOnce`). */
export interface StartRecorder extends StopLedger {
  recordOpen(item: RecordOpen): Promise<RecordAnswer>;
  recordOutcome(item: RecordOutcome): Promise<RecordAnswer>;
}

export interface StartDeps {
  engine: Pick<Engine, 'start' | 'cancel' | 'terminate'>;
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
  const result = await startInEngine(pending, engine);
  const start = recordOf(pending, result, source);
  if ('outcome' in start) await recorder.recordOutcome(start.outcome);
  else {
    const row = await recorder.recordOpen(start.open);
    await sendEarlyCancel(pending, { open: start.open.open, row }, { engine, ledger: recorder });
  }
  return result;
}

export function startInEngine({ executionId: _, ...request }: PendingStart, engine: Pick<Engine, 'start'>) {
  return engine.start(request);
}

/** What the ledger is told of a start. */
export function recordOf({ executionId }: PendingStart, result: StartResult, source: StartDeps['source']): RecordStart {
  if (result.kind === 'started') return { open: { executionId, source, open: startedRun(result) } };
  return { outcome: { executionId, source, outcome: refusedStart(result.failure, new Date().toISOString()) } };
}

/** A cancel that somebody asked for before there was anything to cancel. */
export async function sendEarlyCancel(
  { executionId, namespace, temporalWorkflowId }: PendingStart,
  known: { row: RecordAnswer; open: OpenRun },
  deps: SendOnDeps,
): Promise<void> {
  if (known.row.status === 'running') await sendCancelOn(deps, { executionId, namespace, temporalWorkflowId }, known);
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
