import type { Benchmark } from './benchmark.ts';
import { auth } from './benchmarks/auth.ts';
import { backlog } from './benchmarks/backlog.ts';
import { create } from './benchmarks/create.ts';
import { drain } from './benchmarks/drain.ts';
import { idle } from './benchmarks/idle.ts';
import { importing } from './benchmarks/importing.ts';
import { lag } from './benchmarks/lag.ts';
import { lagBeyondCap } from './benchmarks/lag-beyond-cap.ts';
import { leaving } from './benchmarks/leaving.ts';
import { lists } from './benchmarks/lists.ts';
import { manyOpen } from './benchmarks/many-open.ts';
import { neighbours } from './benchmarks/neighbours.ts';
import { outage } from './benchmarks/outage.ts';
import { page } from './benchmarks/page.ts';
import { pollerLimit } from './benchmarks/poller-limit.ts';
import { reads } from './benchmarks/reads.ts';
import { recordingActivity } from './benchmarks/recording-activity.ts';
import { shown } from './benchmarks/shown.ts';
import { start } from './benchmarks/start.ts';
import { statistics } from './benchmarks/statistics.ts';
import { storage } from './benchmarks/storage.ts';
import { subscribers } from './benchmarks/subscribers.ts';
import { takeover } from './benchmarks/takeover.ts';
import { watchPolicy } from './benchmarks/watch-policy.ts';
import { writeCost } from './benchmarks/write-cost.ts';
import { writes } from './benchmarks/writes.ts';

/** In the order in which `all` runs them. */
export const BENCHMARKS: readonly Benchmark[] = [
  lag,
  lagBeyondCap,
  pollerLimit,
  idle,
  drain,
  backlog,
  recordingActivity,
  manyOpen,
  outage,
  takeover,
  create,
  auth,
  reads,
  neighbours,
  subscribers,
  shown,
  page,
  watchPolicy,
  start,
  statistics,
  lists,
  writes,
  writeCost,
  leaving,
  importing,
  storage,
];
