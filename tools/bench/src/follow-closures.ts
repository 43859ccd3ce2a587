import { CLOSES_PER_SECOND } from './benchmark.ts';
import { closeAtRate } from './close-executions.ts';
import { between, total } from './count-calls.ts';
import type { FollowerKind } from './follower.ts';
import { startFollower } from './follower.ts';
import type { OpenPool } from './open-pool.ts';
import { percentile } from './quantile.ts';
import { untilRecorded } from './recorded.ts';
import type { Stage } from './stage.ts';

/** How long a closure may take to be recorded before it counts as missed. */
const MISSED_AFTER_MS = 30_000;

export interface FollowedClosures {
  p50Ms: number;
  p99Ms: number;
  missed: number;
  twice: number;
  gaveUp: number;
  /** Calls of the ledger while executions closed, by function, for one closure. */
  ledgerCalls: Record<string, number>;
  /** Calls of Temporal, by method, for one closure. */
  engineCalls: Record<string, number>;
}

export interface FollowOptions {
  kind: FollowerKind;
  seconds: number;
  /** Runs after the follower has begun and before anything closes. */
  before?: () => Promise<void>;
  insists?: boolean;
}

/** Follows the pool while some of it close at the fixed rate. */
export async function followClosures(stage: Stage, pool: OpenPool, options: FollowOptions): Promise<FollowedClosures> {
  const { kind, seconds, before, insists = true } = options;
  await pool.fill();
  await using follower = await startFollower(kind, { ...stage.task(), executions: pool.open, insists });
  await before?.();
  const closing = pool.take(Math.min(pool.open.length, Math.round(seconds * CLOSES_PER_SECOND)));
  const atStart = await follower.figures();
  await closeAtRate(stage.client, closing, CLOSES_PER_SECOND);
  const recorded = await untilRecorded(stage.ledger, closing, insists ? MISSED_AFTER_MS : 5_000);
  const atEnd = await follower.figures();
  return {
    p50Ms: percentile(recorded.lagsMs, 0.5),
    p99Ms: percentile(recorded.lagsMs, 0.99),
    missed: recorded.missed,
    twice: recorded.twice,
    gaveUp: atEnd.gaveUp,
    ledgerCalls: between(atStart.ledger, atEnd.ledger, closing.length),
    engineCalls: between(atStart.engine, atEnd.engine, closing.length),
  };
}

/** Calls that write outcomes or starts, of all calls. */
export const recordingCalls = ({ record_outcomes = 0, record_open = 0 }: Record<string, number>): number =>
  record_outcomes + record_open;

export const allCalls = total;
