import type { Engine, Ledger, SaveCheck, UnsettledExecution } from '@runledger/contracts';
import type { Logger } from 'pino';
import { inParallel } from './in-parallel.ts';
import type { LagGauge } from './lag.ts';
import { isAway, runLoop } from './loop.ts';
import { createPassBook } from './pass-book.ts';
import type { Settled, Settler } from './settler.ts';
import { current } from './tracked.ts';
import type { Tracker } from './tracker.ts';

/** Checks read in one call. */
const PAGE = 200;
/** Describes at once. */
const CONCURRENCY = 10;
const TRIM_EVERY_MS = 600_000;

export interface ReconcilerOptions {
  ledger: Pick<Ledger, 'dueChecks' | 'saveChecks' | 'publishProof' | 'trimChanges'>;
  /** On a connection of its own, so that a flood of hints never delays the proof. */
  engine: Engine;
  settler: Settler;
  tracker: Pick<Tracker, 'see' | 'tracked'>;
  lag: LagGauge;
  namespace: string;
  logger: Logger;
  /** Every unsettled execution is described at least once in this time, in milliseconds. */
  periodMs: number;
  settled(executionId: string, result: Settled): void;
}

/** Describes every unsettled execution once per period, oldest check first; repairs what diverged and publishes proof. */
export function createReconciler(options: ReconcilerOptions) {
  const { ledger, engine, settler, tracker, lag, namespace, logger, periodMs, settled } = options;
  // Ten looks per period for what is due; a check is due a look early, so that the period holds.
  const lookMs = Math.min(Math.max(periodMs / 10, 200), 30_000);
  const book = createPassBook({ logger, nextCheckInMs: Math.max(periodMs - lookMs, 100) });
  let trimmedAt = performance.now();
  let provenAt: number | null = null;

  async function check(row: UnsettledExecution, readAt: number): Promise<void> {
    try {
      const result = await settler.settle(current({ row, readAt }), 'reconciler', engine);
      book.note(row, result);
      settled(row.executionId, result);
    } catch (error) {
      if (isAway(error)) throw error;
      logger.error({ executionId: row.executionId, err: error }, 'an execution could not be reconciled');
      book.noteFault(row, error);
    }
  }

  /** Checks what is due. Answers whether there may be more; what comes again at once can wait for the next turn. */
  async function checkDue(seen: Set<string>): Promise<boolean> {
    const readAt = performance.now();
    const rows = await ledger.dueChecks(namespace, PAGE);
    tracker.see(rows, readAt);
    try {
      await inParallel(rows, CONCURRENCY, (row) => check(row, readAt));
    } finally {
      const checks: SaveCheck[] = book.takeChecks();
      await ledger.saveChecks(checks);
    }
    const before = seen.size;
    for (const { executionId } of rows) seen.add(executionId);
    return rows.length === PAGE && seen.size > before;
  }

  async function prove(): Promise<void> {
    await ledger.publishProof(namespace, book.proof(tracker.tracked, lag.worst()));
    provenAt = performance.now();
    if (performance.now() - trimmedAt < TRIM_EVERY_MS) return;
    trimmedAt = performance.now();
    const trimmed = await ledger.trimChanges();
    logger.debug({ trimmed }, 'trimmed changes');
  }

  return {
    run: (signal: AbortSignal) =>
      runLoop({
        name: 'reconciler',
        everyMs: lookMs,
        signal,
        logger,
        async turn() {
          const seen = new Set<string>();
          while (!signal.aborted && (await checkDue(seen)));
          if (provenAt === null || performance.now() - provenAt >= periodMs - lookMs) await prove();
        },
      }),
  };
}
