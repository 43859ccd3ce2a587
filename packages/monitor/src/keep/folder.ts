import type { FoldLedger } from '@runledger/contracts';
import type { Logger } from 'pino';
import { runLoop } from '../pacing/loop.ts';
import { pauseAfterFold } from './fold-pace.ts';

/** Most changes folded in one call: some tenths of a second of the database's time. */
const PAGE = 5_000;
const FIRST_MS = 1_000;

export interface FolderOptions {
  ledger: FoldLedger;
  logger: Logger;
}

/**
 * Folds counted changes into the cells that statistics are read from. Counters are exact without it, and reads slower by
 * a microsecond for each change that waits. Any number may run: the database lets one fold at a time.
 */
export function createFolder({ ledger, logger }: FolderOptions) {
  let waitedMs = FIRST_MS;
  return {
    run: (signal: AbortSignal) =>
      runLoop({
        name: 'folder',
        everyMs: FIRST_MS,
        signal,
        logger,
        async turn() {
          const folded = await ledger.fold(PAGE);
          waitedMs = folded === PAGE ? 0 : pauseAfterFold(folded, waitedMs);
          return waitedMs;
        },
      }),
  };
}
