import type { CheckLedger, LossLedger, TerminalStatus, TrimLedger, UnsettledExecution } from '@runledger/contracts';
import { pause } from '@runledger/contracts';
import type { Logger } from 'pino';
import { hasOutlivedRetention } from '../health/lost-health.ts';
import type { UsualDurations } from '../health/usual-durations.ts';
import type { RetentionKnowledge } from '../keep/retention-knowledge.ts';
import { inParallel } from '../pacing/in-parallel.ts';
import { isAway, runLoop } from '../pacing/loop.ts';
import type { Settle } from '../settle/settle.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { current } from '../unsettled/tracked.ts';
import type { Tracker } from '../unsettled/tracker.ts';
import type { ReconcileGuard } from './reconcile-guard.ts';
import { reconcilePace } from './reconcile-rate.ts';

/** Most checks read in one call: the fixed cost of a call is then small. */
const PAGE = 500;
/** How many seconds of checks are read in one call: a page that is lost with its monitor costs no more than they. */
const PAGE_SECONDS = 2;
const TRIM_EVERY_MS = 600_000;
const LEARN_EVERY_MS = 60_000;

export interface ReconcilerOptions {
  ledger: CheckLedger & TrimLedger & LossLedger;
  /** By a connection of its own, so that a flood of hints never delays the proof. */
  settle: Settle;
  tracker: Pick<Tracker, 'see' | 'tracked'>;
  guard: ReconcileGuard;
  usualDurations: UsualDurations;
  retention: RetentionKnowledge;
  namespace: string;
  logger: Logger;
  telemetry: Pick<Telemetry, 'traced'>;
  /** Every unsettled execution is described at least once in this time, in milliseconds; longer only where the rate asks for it. */
  periodMs: number;
  /** Most executions described in a second: what this may take of Temporal's limit. */
  maxPerSecond: number;
  /** How many executions are unsettled, tracked or not. */
  open(): number;
}

/** Describes every unsettled execution once per period, oldest check first, and repairs what diverged. */
export function createReconciler(options: ReconcilerOptions) {
  const { ledger, settle, tracker, guard, usualDurations, retention, namespace, logger } = options;
  const { periodMs, maxPerSecond, telemetry } = options;
  // Ten looks per period for what is due.
  const lookMs = Math.min(Math.max(periodMs / 10, 200), 30_000);
  const pace = () => reconcilePace(options.open(), { periodMs, lookMs, maxPerSecond });
  let trimmedAt = performance.now();
  let learnedAt = Number.NEGATIVE_INFINITY;

  const nextCheckInMs = () => pace().nextCheckInMs;

  async function check(row: UnsettledExecution, readAt: number, unknown: UnsettledExecution[]): Promise<void> {
    try {
      const result = await settle(current({ row, readAt }), 'reconciler');
      guard.note(row, result, nextCheckInMs());
      if (result.kind === 'unknown') unknown.push(row);
    } catch (error) {
      if (isAway(error)) throw error;
      logger.error({ executionId: row.executionId, err: error }, 'an execution could not be reconciled');
      guard.noteFault(row, error, nextCheckInMs());
    }
  }

  /** A report ended them, and by its retention Temporal has forgotten them: it will never say more, so the report stands. */
  async function settleForgotten(rows: UnsettledExecution[]): Promise<void> {
    const forgotten = rows.filter((row) => row.firstRunId !== null && isForgotten(row, retention.current()));
    const answers = await ledger.endLost(
      forgotten.map(({ executionId, status, revision }) => ({
        executionId,
        status: status as TerminalStatus,
        reason: 'Temporal has forgotten it by its retention; the report stands',
        actor: 'runledger',
        source: 'reconciler',
        unknownAtRevision: revision,
      })),
    );
    const ended = answers.filter(({ result }) => result === 'applied').length;
    if (ended > 0) logger.info({ ended }, 'reports about executions that Temporal has forgotten stand');
  }

  /** Checks what is due. Answers whether there may be more; what comes again at once can wait for the next turn. */
  async function checkDue(seen: Set<string>, page: number): Promise<boolean> {
    const readAt = performance.now();
    const rows = await ledger.dueChecks(namespace, page);
    tracker.see(rows, readAt);
    const unknown: UnsettledExecution[] = [];
    try {
      await inParallel(rows, pace().lanes, (row) => check(row, readAt, unknown));
    } finally {
      await ledger.saveChecks(guard.takeChecks());
    }
    if (guard.alarm === null) await settleForgotten(unknown);
    const before = seen.size;
    for (const { executionId } of rows) seen.add(executionId);
    return rows.length === page && seen.size > before;
  }

  /** As many checks a second as are allowed, at most. */
  async function pass(signal: AbortSignal): Promise<void> {
    const seen = new Set<string>();
    for (;;) {
      const began = performance.now();
      const { perSecond } = pace();
      const page = Math.min(PAGE, PAGE_SECONDS * perSecond);
      const more = await checkDue(seen, page);
      if (!more || signal.aborted) return;
      await pause(Math.max(0, (page / perSecond) * 1_000 - (performance.now() - began)), signal);
    }
  }

  async function learn(): Promise<void> {
    if (performance.now() - learnedAt < LEARN_EVERY_MS) return;
    learnedAt = performance.now();
    await retention.learn();
    await usualDurations.learn([...tracker.tracked.values()].map(({ row }) => row.workflowId));
  }

  async function trim(): Promise<void> {
    if (performance.now() - trimmedAt < TRIM_EVERY_MS) return;
    trimmedAt = performance.now();
    logger.debug({ trimmed: await ledger.trimChanges() }, 'trimmed changes');
  }

  return {
    run: (signal: AbortSignal) =>
      runLoop({
        name: 'reconciler',
        everyMs: lookMs,
        signal,
        logger,
        async turn() {
          const began = performance.now();
          await learn();
          await telemetry.traced('reconcile pass', {}, () => pass(signal));
          await trim();
          return Math.max(0, lookMs - (performance.now() - began));
        },
      }),
  };
}

function isForgotten(row: UnsettledExecution, retentionMs: number | null): boolean {
  return row.authority === 'reported' && hasOutlivedRetention(row, retentionMs);
}
