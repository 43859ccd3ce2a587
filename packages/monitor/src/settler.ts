import type {
  Engine,
  OpenRun,
  Outcome,
  RecordAnswer,
  RecordOutcome,
  TransitionSource,
  UnsettledExecution,
  UsualDuration,
} from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import type { Logger } from 'pino';
import type { Standing } from './health.ts';
import { LIVE, standingAfter } from './health.ts';
import { isAway } from './loop.ts';
import type { Recorder } from './recorder.ts';
import type { SettlementOptions } from './settlement.ts';
import { mustCancel, settle } from './settlement.ts';
import type { Telemetry } from './telemetry.ts';

/** What came of looking at one execution. */
export type Settled =
  /** Its end is in the ledger, by `outcome` or, where that is `null`, since before. `revision` is the row's. */
  | { kind: 'ended'; applied: boolean; outcome: Outcome | null; revision: number | null }
  | { kind: 'open'; applied: boolean; open: OpenRun; standing: Standing }
  /** A report that the engine does not confirm yet; look again then. */
  | { kind: 'waiting'; open: OpenRun; forMs: number; standing: Standing }
  | { kind: 'unknown'; standing: Standing };

export interface Settler {
  /**
   * Asks the engine how the execution stands and makes the ledger say so. A second call for the same execution joins the
   * first, or waits for it where it knows a newer row, so that an older answer never overtakes a newer one.
   * @throws ExecutionError `engine_unavailable`, `ledger_unavailable`; `conflict` when the ledger holds another run
   */
  settle(row: UnsettledExecution, source: TransitionSource, engine: Engine): Promise<Settled>;
}

export interface SettlerOptions extends SettlementOptions {
  recorder: Recorder;
  logger: Logger;
  telemetry?: Pick<Telemetry, 'traced'>;
  /** Called once for each end that changed the ledger, however many hints announced it. */
  recorded?: (source: TransitionSource, outcome: Outcome) => void;
  /** How long executions of a workflow usually take, where that is known. */
  usualDuration?: (definitionId: string) => UsualDuration | null;
  /** How long the namespace keeps what has closed, in milliseconds, where that is known. */
  retentionMs?: () => number | null;
}

export function createSettler(options: SettlerOptions): Settler {
  const { recorder, logger, reportGraceMs, usualDuration = () => null, telemetry, recorded } = options;
  const { retentionMs = () => null } = options;
  const underWay = new Map<string, { revision: number; settling: Promise<Settled> }>();

  async function perform(row: UnsettledExecution, source: TransitionSource, engine: Engine): Promise<Settled> {
    const target = { namespace: row.namespace, workflowId: row.workflowId, firstRunId: row.firstRunId };
    const settlement = settle(row, await engine.resolve(target), { reportGraceMs });
    const around = { usual: usualDuration(row.definitionId), retentionMs: retentionMs() };
    const standing = standingAfter(row, settlement, around) ?? LIVE;
    const { executionId } = row;
    switch (settlement.kind) {
      case 'record_outcome': {
        const { outcome } = settlement;
        const answer = await recordOutcome({ executionId, source, outcome });
        requireAgreement(answer, row);
        const applied = answer.result === 'applied';
        if (applied) recorded?.(source, outcome);
        return { kind: 'ended', applied, outcome, revision: answer.revision };
      }
      case 'record_open': {
        const { open, takeBackRevision } = settlement;
        const answer = await recorder.recordOpen({ executionId, source, open, takeBackRevision });
        requireAgreement(answer, row);
        await cancelIfAsked(engine, row, open, answer.cancelRequestedAt);
        return { kind: 'open', applied: answer.result === 'applied', open, standing };
      }
      case 'wait':
        return { kind: 'waiting', open: settlement.open, forMs: settlement.forMs, standing };
      case 'keep':
        await cancelIfAsked(engine, row, settlement.open, row.cancelRequestedAt);
        return { kind: 'open', applied: false, open: settlement.open, standing };
      case 'settled':
        return { kind: 'ended', applied: false, outcome: null, revision: row.revision };
      case 'unknown':
        return { kind: 'unknown', standing };
    }
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

  async function cancelIfAsked(
    engine: Engine,
    row: UnsettledExecution,
    open: OpenRun,
    cancelRequestedAt: string | null,
  ): Promise<void> {
    if (!mustCancel({ cancelRequestedAt }, open)) return;
    const target = { namespace: row.namespace, workflowId: row.workflowId, firstRunId: open.firstRunId };
    const actor = row.cancelRequestedBy ?? 'runledger';
    const result = await engine.cancel(target, {
      actor,
      reason: row.cancelReason ?? 'cancelled before it was started',
    });
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

  return { settle: settleOnce };
}

/** Anything but "applied" or "it stands like this already" needs a person, and must not be repeated at full speed. */
function requireAgreement({ result }: RecordAnswer, row: UnsettledExecution): void {
  if (result !== 'conflict') return;
  throw new ExecutionError(
    'conflict',
    `Execution ${row.executionId} holds first run ${row.firstRunId}, and the engine speaks of another.`,
  );
}
