import type { HostLedger, UserBatch } from '@runledger/contracts';
import type { Logger } from 'pino';
import { runLoop } from '../pacing/loop.ts';

/** Rows compared in a turn, of each of the host's tables and in each direction: some milliseconds of the database's time. */
const COMPARED = 1_000;
/** Executions deleted in one transaction: what others wait for, where they wait at all. */
const BATCH = 500;
const EVERY_MS = 10_000;

export interface HostKeeperOptions {
  ledger: HostLedger;
  logger: Logger;
  /** Between two turns. Default: 10 s. */
  everyMs?: number;
}

/**
 * Keeps the ledger in step with the host's own tables: brings the users and definitions that a trigger had to leave out, finds
 * out which are gone, and deletes what was of users who left, in batches. Any number may run: each user and the place in each
 * table are one's at a time.
 */
export function createHostKeeper({ ledger, logger, everyMs = EVERY_MS }: HostKeeperOptions) {
  /** What was logged last of each table, so that a problem is logged once. */
  const logged = new Map<string, string | null>();

  function complain(what: string, { source, problem }: { source: string | null; problem: string | null }): void {
    const before = logged.get(what) ?? null;
    logged.set(what, problem);
    // Figures in it change while it lasts.
    const kindOf = (text: string) => text.replaceAll(/\d+/g, '');
    if (problem !== null && (before === null || kindOf(before) !== kindOf(problem))) logger.warn({ source }, problem);
    if (problem === null && before !== null) logger.info({ source }, `${what} are followed again`);
  }

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
        name: 'host tables',
        everyMs,
        signal,
        logger,
        async turn() {
          const users = await ledger.syncUsers(COMPARED);
          complain('users', users);
          const { source, added, left } = users;
          if (added > 0 || left > 0) logger.info({ source, added, left }, 'users followed');
          // After the users: a definition needs its owner.
          const workflows = await ledger.syncWorkflows(COMPARED);
          complain('workflows', workflows);
          const { changed, archived } = workflows;
          if (changed > 0 || archived > 0)
            logger.info({ source: workflows.source, changed, archived }, 'workflows followed');
          await settle(signal);
        },
      }),
  };
}
