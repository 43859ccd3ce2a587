import type { Engine, PendingStart, StartLedger } from '@runledger/contracts';
import type { StartRecorder } from '@runledger/starting';
import { startExecution } from '@runledger/starting';
import type { Logger } from 'pino';
import { inParallel } from '../pacing/in-parallel.ts';
import { isAway, runLoop } from '../pacing/loop.ts';

const PAGE = 100;
const CONCURRENCY = 5;

export interface StarterOptions {
  ledger: StartLedger;
  engine: Pick<Engine, 'start' | 'cancel' | 'terminate'>;
  recorder: StartRecorder;
  namespace: string;
  logger: Logger;
  /** How long an execution waits for whoever admitted it before it is started here, in milliseconds. */
  startAfterMs: number;
}

/** Drives on what was admitted and never started, because its API died in between or could not reach Temporal. */
export function createStarter({ ledger, engine, recorder, namespace, logger, startAfterMs }: StarterOptions) {
  async function start(pending: PendingStart): Promise<void> {
    const { executionId } = pending;
    const result = await startExecution(pending, { engine, recorder, source: 'reconciler' });
    if (result.kind === 'refused') {
      logger.warn({ executionId, reason: result.failure.message }, 'the engine refused a start');
    } else {
      logger.info({ executionId, alreadyStarted: result.alreadyStarted }, 'started an execution that was left pending');
    }
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
