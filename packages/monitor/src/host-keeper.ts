import type { Ledger, UserBatch } from '@runledger/contracts';
import type { Logger } from 'pino';
import { runLoop } from './loop.ts';

/** Users looked up in a turn, in each direction: some milliseconds of the database's time. */
const LOOKED_UP = 1_000;
/** Executions deleted in one transaction: what others wait for, where they wait at all. */
const BATCH = 500;
const EVERY_MS = 10_000;

export interface UserKeeperOptions {
  ledger: Pick<Ledger, 'syncUsers' | 'settleUsers'>;
  logger: Logger;
}

/**
 * Keeps the ledger's users in step with the host's: brings whom a trigger had to leave out, finds out who has left, and deletes
 * what was theirs in batches. Any number may run: each user and the place in the source are one's at a time.
 */
export function createUserKeeper({ ledger, logger }: UserKeeperOptions) {
  let missing: string | null = null;

  async function settle(signal: AbortSignal): Promise<void> {
    let batch: UserBatch;
    let executions = 0;
    do {
      batch = await ledger.settleUsers(BATCH);
      executions += batch.executions;
      if (batch.done && batch.user !== null) {
        logger.info({ executions }, 'what was of a user who left or has a new id is settled');
        executions = 0;
      }
    } while (!signal.aborted && batch.user !== null && (batch.rows > 0 || batch.done));
  }

  return {
    run: (signal: AbortSignal) =>
      runLoop({
        name: 'users',
        everyMs: EVERY_MS,
        signal,
        logger,
        async turn() {
          const { source, isMissing, added, left } = await ledger.syncUsers(LOOKED_UP);
          if (isMissing && missing !== source)
            logger.warn({ source }, 'the table that users come from is gone: runledger.follow_users names another one');
          missing = isMissing ? source : null;
          if (added > 0 || left > 0) logger.info({ source, added, left }, 'users followed');
          await settle(signal);
        },
      }),
  };
}
