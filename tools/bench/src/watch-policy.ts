import type { UsualDuration } from '@runledger/contracts';
import type { MonitorOptions } from '@runledger/monitor';
import { choose } from '@runledger/monitor/watch-policy';
import type { Draw } from './durations.ts';
import { MEAN_MS } from './durations.ts';
import { quantile } from './quantile.ts';
import { createRandom } from './random.ts';
import { simulatedRow } from './simulated-row.ts';

export type WatchPolicy = NonNullable<MonitorOptions['watchPolicy']>;

export interface PolicyOptions {
  policy: WatchPolicy;
  draw: Draw;
  seed: string;
  /** Executions open at a time, on average. */
  open: number;
  /** Most that are watched. */
  cap: number;
  /** Simulated time that counts, in milliseconds; before it the population settles. */
  countedMs: number;
}

export interface PolicyOutcome {
  closures: number;
  /** Part of the closures that had a place when they happened. */
  watchedShare: number;
  /** Places that were given, for one closure: each costs a call, and another where somebody had to give way. */
  pollsPerClosure: number;
}

/** As the watcher gives places, and as the reconciler learns durations. */
const CHOOSE_EVERY_MS = 500;
const LEARN_EVERY_MS = 60_000;
const LEARNED_FROM = 500;
const SETTLED_AFTER_MS = 10 * MEAN_MS;
const SHARES = [...Array.from({ length: 20 }, (_, n) => n / 20), 0.99, 1];

interface Simulated {
  tracked: ReturnType<typeof simulatedRow>;
  durationMs: number;
  endsAt: number;
}

/** Deterministic: executions come and go at a steady rate, and the monitor's own choice says who is watched. */
export function simulatePolicy({ policy, draw, seed, open, cap, countedMs }: PolicyOptions): PolicyOutcome {
  const random = createRandom(seed);
  const present = new Map<string, Simulated>();
  const durations: number[] = [];
  let watched = new Set<string>();
  let usual: UsualDuration | null = null;
  let nextStart = 0;
  let count = 0;
  let [closures, seen, polls] = [0, 0, 0];

  function arrive(until: number): void {
    while (nextStart < until) {
      const durationMs = draw(random);
      const id = `${count++}`;
      present.set(id, { tracked: simulatedRow(id, nextStart), durationMs, endsAt: nextStart + durationMs });
      nextStart += (-Math.log(1 - random()) * MEAN_MS) / open;
    }
  }

  function leave(until: number, counts: boolean): void {
    for (const [id, { endsAt, durationMs }] of present) {
      if (endsAt >= until) continue;
      present.delete(id);
      durations.push(durationMs);
      if (!counts) continue;
      closures += 1;
      if (watched.has(id)) seen += 1;
    }
  }

  function givePlaces(now: number, counts: boolean): void {
    const chosen = choose(
      [...present.values()].map(({ tracked }) => tracked),
      { cap, policy, now, usualDuration: () => usual, isWatched: (id) => watched.has(id) },
    );
    const next = new Set(chosen.map(({ row }) => row.executionId));
    if (counts) for (const id of next) if (!watched.has(id)) polls += 1;
    watched = next;
  }

  for (let now = 0; now < SETTLED_AFTER_MS + countedMs; now += CHOOSE_EVERY_MS) {
    const counts = now >= SETTLED_AFTER_MS;
    arrive(now);
    leave(now, counts);
    if (now % LEARN_EVERY_MS === 0) usual = learn(durations.slice(-LEARNED_FROM));
    givePlaces(now, counts);
  }
  return { closures, watchedShare: seen / closures, pollsPerClosure: polls / closures };
}

function learn(durations: number[]): UsualDuration | null {
  if (durations.length === 0) return null;
  const quantilesMs = SHARES.map((share) => quantile(durations, share));
  return { workflowId: 'simulated', sample: durations.length, quantilesMs };
}
