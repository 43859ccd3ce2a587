import type { Engine, Ledger, OpenRun, PendingStart } from '@runledger/contracts';
import type { Logger } from 'pino';
import { inParallel } from '../pacing/in-parallel.ts';
import { isAway, runLoop } from '../pacing/loop.ts';
import type { Recorder } from '../settle/recorder.ts';
import { startRefused } from './start-refused.ts';

const PAGE = 100;
const CONCURRENCY = 5;

export interface StarterOptions {
  ledger: Pick<Ledger, 'pendingStarts'>;
  engine: Engine;
  recorder: Recorder;
  namespace: string;
  logger: Logger;
  /** How long an execution waits for whoever admitted it before it is started here, in milliseconds. */
  startAfterMs: number;
}

/** Drives on what was admitted and never started, because its API died in between or could not reach Temporal. */
export function createStarter({ ledger, engine, recorder, namespace, logger, startAfterMs }: StarterOptions) {
  async function start(pending: PendingStart): Promise<void> {
    const { executionId, ...request } = pending;
    const result = await engine.start(request);
    if (result.kind === 'refused') {
      const outcome = startRefused(result.failure, new Date().toISOString());
      await recorder.recordOutcome({ executionId, source: 'reconciler', outcome });
      logger.warn({ executionId, reason: result.failure.message }, 'the engine refused a start');
      return;
    }
    const { firstRunId, engineStartedAt, alreadyStarted } = result;
    const open: OpenRun = {
      firstRunId,
      // A chain that is further on by now is followed from here.
      runId: firstRunId,
      engineStartedAt,
      firstTaskAt: null,
      cancelRequested: false,
      engineStatus: 'RUNNING',
      wedged: null,
      runs: [],
    };
    const answer = await recorder.recordOpen({ executionId, source: 'reconciler', open });
    logger.info({ executionId, alreadyStarted }, 'started an execution that was left pending');
    if (answer.cancelRequestedAt === null || answer.status !== 'running') return;
    const target = { namespace, workflowId: request.workflowId, firstRunId };
    const { cancelRequestedBy: by, cancelReason: reason } = answer;
    await engine.cancel(target, { actor: by ?? 'runledger', reason: reason ?? 'cancel requested', runId: firstRunId });
  }

  return {
    run: (signal: AbortSignal) =>
      runLoop({
        name: 'starter',
        everyMs: Math.min(startAfterMs, 5_000),
        signal,
        logger,
        async turn() {
          const pending = await ledger.pendingStarts(namespace, startAfterMs, PAGE);
          await inParallel(pending, CONCURRENCY, async (item) => {
            try {
              await start(item);
            } catch (error) {
              if (isAway(error)) throw error;
              logger.error({ executionId: item.executionId, err: error }, 'an execution could not be started');
            }
          });
        },
      }),
  };
}
