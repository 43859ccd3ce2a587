import type { FeedLedger, Proof, Visibility } from '@runledger/contracts';
import type { WatchRun } from '@runledger/engine';
import type { Logger } from 'pino';
import type { UsualDurations } from '../health/usual-durations.ts';
import type { Settle } from '../settle/settle.ts';
import type { Adopter } from '../start/adopter.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Tracker } from '../unsettled/tracker.ts';
import { createClosureFeed } from './feeds/closure-feed.ts';
import { createStartFeed } from './feeds/start-feed.ts';
import type { Hint } from './hint.ts';
import type { WatchPolicy } from './watch/watch-policy.ts';
import { createWatcher } from './watch/watcher.ts';

/** What hints say of themselves in the proof. */
export type HintFigures = Pick<Proof['monitor'], 'watching' | 'watchCap' | 'closureFeed' | 'startFeed'>;

export interface HintsOptions {
  ledger: FeedLedger;
  visibility: Visibility;
  watch: WatchRun;
  settle: Settle;
  tracker: Pick<Tracker, 'withWorkflowId'>;
  adopter: Adopter;
  usualDurations: Pick<UsualDurations, 'of'>;
  namespace: string;
  logger: Logger;
  telemetry: Telemetry;
  /** Most executions watched at once. */
  watchCap: number;
  /** Who is watched where not all can be. Default `likeliest`. */
  watchPolicy?: WatchPolicy | undefined;
}

/** Everything that tells this monitor that a run closed or started, as one hint. */
export interface Hints extends Required<Hint> {
  readonly figures: HintFigures;
}

export function createHints(options: HintsOptions): Hints {
  const watcher = createWatcher({ ...options, cap: options.watchCap, policy: options.watchPolicy });
  const closureFeed = createClosureFeed({ ...options, isNeeded: () => watcher.leavesSome });
  const startFeed = createStartFeed(options);
  const all: readonly Hint[] = [watcher, closureFeed, startFeed];

  return {
    async run(signal) {
      await Promise.all(all.map((hint) => hint.run(signal)));
    },
    appeared(row) {
      for (const hint of all) hint.appeared?.(row);
    },
    changed(tracked) {
      for (const hint of all) hint.changed?.(tracked);
    },
    settled(executionId, result) {
      for (const hint of all) hint.settled?.(executionId, result);
    },
    get figures() {
      return {
        watching: watcher.size,
        watchCap: watcher.limit,
        closureFeed: closureFeed.state,
        startFeed: startFeed.state,
      };
    },
  };
}
