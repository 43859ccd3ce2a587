import type {
  Engine,
  ExecutionPart,
  OpenRun,
  Outcome,
  RecordAnswer,
  RecordOutcome,
  Resolution,
  TransitionSource,
  UnsettledExecution,
  UsualDuration,
} from '@runledger/contracts';
import { ExecutionError, isTerminal } from '@runledger/contracts';
import { sendCancelOn } from '@runledger/starting';
import type { Logger } from 'pino';
import type { Diagnosis } from '../health/diagnosis.ts';
import { LIVE } from '../health/diagnosis.ts';
import { diagnose } from '../health/health.ts';
import { isAway } from '../pacing/loop.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { engineTarget } from './engine-target.ts';
import { lackingParts } from './lacking-parts.ts';
import type { Recorder } from './recorder.ts';
import type { SettlementOptions } from './settlement.ts';
import { firstRunOf, settlementOf } from './settlement.ts';

/** What came of looking at one execution. */
export type Settled =
  /**
   * Its end is in the ledger, by `outcome` or, where that is `null`, since before. `revision` is the row's; `null` where the
   * row is gone, as one with another execution, which is looked at by itself. `brought`: parts that the row lacked, its status
   * being right, and has now.
   */
  | { kind: 'ended'; applied: boolean; outcome: Outcome | null; revision: number | null; brought: ExecutionPart[] }
  | { kind: 'open'; applied: boolean; open: OpenRun; diagnosis: Diagnosis; brought: ExecutionPart[] }
  /** A report that the engine does not confirm yet; look again then. */
  | { kind: 'waiting'; open: OpenRun; forMs: number; diagnosis: Diagnosis }
  | { kind: 'unknown'; diagnosis: Diagnosis };

/**
 * Asks the engine how an execution stands and makes the ledger say so. A second call for the same execution joins the
 * first, or waits for it where it knows a newer row, so that an older answer never overtakes a newer one.
 * @throws ExecutionError `engine_unavailable`, `ledger_unavailable`; `conflict` when the ledger holds another run
 */
export type Settle = (row: UnsettledExecution, source: TransitionSource) => Promise<Settled>;

export interface SettleOptions extends SettlementOptions {
  recorder: Omit<Recorder, 'close'>;
  logger: Logger;
  telemetry?: Pick<Telemetry, 'traced'>;
  /** Called once for each end that changed the ledger, however many hints announced it. */
  recorded?: (source: TransitionSource, outcome: Outcome) => void;
  /** Called with what came of it for everybody who asked, before they hear of it. */
  settled?: (executionId: string, result: Settled) => void;
  /** Reads every part, also those that the ledger should have. Default `false`. */
  whole?: boolean;
  /** How long executions of a workflow usually take, where that is known. */
  usualDuration?: (workflowId: string) => UsualDuration | null;
  /** How long the namespace keeps what has closed, in milliseconds, where that is known. */
  retentionMs?: () => number | null;
}

/** How often an execution is looked at again whose chain goes on between a look and its record. */
const LOOKS = 3;

interface Look {
  resolution: Resolution;
  source: TransitionSource;
  engine: Engine;
}

/** The one path of an outcome, for any number of engine connections: resolver, settlement, recorder. */
export function createSettle(options: SettleOptions): (engine: Engine) => Settle {
  const { recorder, logger, reportGraceMs, usualDuration = () => null, telemetry, recorded, whole = false } = options;
  const { retentionMs = () => null, settled: tell = () => {} } = options;
  const underWay = new Map<string, { revision: number; settling: Promise<Settled> }>();

  async function perform(given: UnsettledExecution, source: TransitionSource, engine: Engine): Promise<Settled> {
    for (let look = 1; ; look += 1) {
      const resolution = await engine.resolve({ ...engineTarget(given), ...(whole ? { whole } : {}) });
      const row = await withFirstRun(given, resolution, source);
      if ('kind' in row) return row;
      const settled = await write(row, { resolution, source, engine });
      if (settled) return settled;
      if (look >= LOOKS)
        throw new ExecutionError('engine_unavailable', `Execution ${row.executionId} goes on too fast.`);
    }
  }

  /** `null`: the chain has gone on since the engine was asked. */
  async function write(row: UnsettledExecution, { resolution, source, engine }: Look): Promise<Settled | null> {
    const settlement = settlementOf(row, resolution, { reportGraceMs });
    const around = { usual: usualDuration(row.workflowId), retentionMs: retentionMs() };
    const diagnosis = diagnose(row, settlement, around) ?? LIVE;
    const { executionId } = row;
    switch (settlement.kind) {
      case 'complete':
      case 'record_outcome': {
        const { outcome } = settlement;
        const answer = await recordOutcome({ executionId, source, outcome });
        if (answer.result === 'other_execution') return awaitsOwnRun(row);
        requireAgreement(answer, row);
        if (answer.result === 'already_terminal' && answer.status !== null && !isTerminal(answer.status)) return null;
        const applied = answer.result === 'applied';
        if (applied) recorded?.(source, outcome);
        const brought = applied && settlement.kind === 'complete' ? lackingParts(row, outcome) : [];
        return { kind: 'ended', applied, outcome, revision: answer.revision, brought };
      }
      case 'record_open': {
        const { open, takeBackRevision } = settlement;
        const answer = await recorder.recordOpen({ executionId, source, open, takeBackRevision });
        if (answer.result === 'other_execution') return awaitsOwnRun(row);
        requireAgreement(answer, row);
        if (answer.status === 'running') await cancelIfAsked(engine, { ...row, ...cancelOf(answer) }, open);
        const applied = answer.result === 'applied';
        const wasRight = row.status === 'running' && row.currentRunId === open.runId;
        return { kind: 'open', applied, open, diagnosis, brought: applied && wasRight ? lackingParts(row, open) : [] };
      }
      case 'wait':
        return { kind: 'waiting', open: settlement.open, forMs: settlement.forMs, diagnosis };
      case 'keep':
        await cancelIfAsked(engine, row, settlement.open);
        return { kind: 'open', applied: false, open: settlement.open, diagnosis, brought: [] };
      case 'settled':
        return { kind: 'ended', applied: false, outcome: null, revision: row.revision, brought: [] };
      case 'unknown':
        return { kind: 'unknown', diagnosis };
    }
  }

  /**
   * The row under the run that the engine calls the first. A caller may have registered a later one, of a chain that another
   * execution has: the two are one.
   */
  async function withFirstRun(
    row: UnsettledExecution,
    resolution: Resolution,
    source: TransitionSource,
  ): Promise<UnsettledExecution | (Settled & { kind: 'ended' })> {
    const firstRunId = firstRunOf(resolution);
    if (row.firstRunId === null || firstRunId === null || firstRunId === row.firstRunId) return row;
    const { result, executionId } = await recorder.correctFirstRun(row.executionId, firstRunId, source);
    if (result === 'merged') {
      logger.info({ executionId: row.executionId, into: executionId }, 'two executions were one chain');
      return { kind: 'ended', applied: true, outcome: null, revision: null, brought: [] };
    }
    if (result === 'conflict') {
      throw new ExecutionError(
        'conflict',
        `It was registered by a later run of a chain that belongs to execution ${executionId} of another user. Delete the one that is wrong.`,
      );
    }
    return { ...row, firstRunId, revision: row.revision + (result === 'corrected' ? 1 : 0) };
  }

  function awaitsOwnRun(row: UnsettledExecution): Settled {
    const reason = 'Temporal runs another execution under this workflow id';
    return { kind: 'unknown', diagnosis: diagnose(row, { kind: 'unknown', reason }) ?? LIVE };
  }

  /** A payload that the ledger refuses must not hide how the execution ended. */
  async function recordOutcome(item: RecordOutcome): Promise<RecordAnswer> {
    try {
      return await recorder.recordOutcome(item);
    } catch (error) {
      const { output, failure } = item.outcome;
      if (isAway(error) || (output === null && failure === null)) throw error;
      logger.error(
        { executionId: item.executionId, err: error },
        'the ledger refused an outcome; it is kept without payload',
      );
      const outcome = { ...item.outcome, output: null, failure: null, outputNote: output === null ? null : 'refused' };
      return recorder.recordOutcome({ ...item, outcome });
    }
  }

  async function cancelIfAsked(engine: Engine, row: UnsettledExecution, open: OpenRun): Promise<void> {
    const target = { ...engineTarget(row), executionId: row.executionId };
    const result = await sendCancelOn({ engine, ledger: recorder }, target, { row, open });
    if (result === null) return;
    logger.info({ executionId: row.executionId, result }, 'a cancel that had not reached the engine was sent on');
  }

  function settleOnce(row: UnsettledExecution, source: TransitionSource, engine: Engine): Promise<Settled> {
    const joined = underWay.get(row.executionId);
    if (joined && joined.revision >= row.revision) return joined.settling;
    if (joined) {
      const again = () => settleOnce(row, source, engine);
      return joined.settling.then(again, again);
    }
    const work = () => perform(row, source, engine);
    const { executionId } = row;
    const traced = telemetry ? telemetry.traced('settle', { source, executionId }, work) : work();
    const settling = traced.finally(() => underWay.delete(row.executionId));
    underWay.set(row.executionId, { revision: row.revision, settling });
    return settling;
  }

  return (engine) => async (row, source) => {
    const result = await settleOnce(row, source, engine);
    tell(row.executionId, result);
    return result;
  };
}

/** Anything but "applied" or "it stands like this already" needs a person, and must not be repeated at full speed. */
function requireAgreement({ result }: RecordAnswer, row: UnsettledExecution): void {
  if (result !== 'conflict') return;
  throw new ExecutionError(
    'conflict',
    `Execution ${row.executionId} holds first run ${row.firstRunId}, and the engine speaks of another.`,
  );
}

function cancelOf({ cancelRequestedAt, cancelRequestedBy, cancelReason }: RecordAnswer) {
  return { cancelRequestedAt, cancelRequestedBy, cancelReason };
}
