import type { ReadTimeline, Step, StepKind } from '@runledger/contracts';
import { TIMELINE_BYTES, TIMELINE_STEPS } from '@runledger/contracts';
import { withoutStacks } from './step-failure.ts';

/** Steps kept at either end as long as nothing in between failed. */
const END = TIMELINE_STEPS / 2;
/** Steps kept at either end whatever failed in between. */
const LEAST_END = 50;
/** Failed steps in between that are kept at most: the newest. */
const MOST_FAILED = TIMELINE_STEPS - 2 * LEAST_END;
/** What stands around the steps, in bytes. */
const FRAME_BYTES = 1_000;

type Kept = Pick<ReadTimeline, 'steps' | 'omitted'>;

/** Takes the steps of a chain one by one and keeps no more of them than a timeline may have. */
export interface TimelineBounds {
  /** Takes the next step, in order of their beginnings. It may be changed until it has ended. */
  add(step: Step): void;
  /** Says that a step has ended, so that one that did not fail need not be held any longer. */
  ended(step: Step): void;
  /** The steps that are kept, oldest first, and how many were left out of each kind. */
  finish(): Kept;
}

/**
 * Keeps the first and the last steps and the failed ones in between, in constant memory: failed ones take the place of
 * the inner steps of both ends, down to 50 at either end.
 */
export function createTimelineBounds(): TimelineBounds {
  const order = new Map<Step, number>();
  const first: Step[] = [];
  const last: Step[] = [];
  const failed: Step[] = [];
  /** Left the last ones while they were open, and may still fail. */
  const open = new Set<Step>();
  const omitted: Kept['omitted'] = {};
  let count = 0;

  function omit(step: Step): void {
    order.delete(step);
    omitted[step.kind] = (omitted[step.kind] ?? 0) + 1;
  }

  function keepIfFailed(step: Step): void {
    if (hasFailed(step)) failed.push(step);
    else omit(step);
    const oldest = failed.length > MOST_FAILED ? failed.shift() : undefined;
    if (oldest) omit(oldest);
  }

  return {
    add(step) {
      order.set(step, count);
      count += 1;
      if (first.length < END) {
        first.push(step);
        return;
      }
      last.push(step);
      const pushedOut = last.length > END ? last.shift() : undefined;
      if (!pushedOut) return;
      if (pushedOut.endedAt === null) open.add(pushedOut);
      else keepIfFailed(pushedOut);
    },

    ended(step) {
      if (open.delete(step)) keepIfFailed(step);
    },

    finish() {
      for (const step of open) keepIfFailed(step);
      open.clear();
      const inOrder = (a: Step, b: Step) => (order.get(a) ?? 0) - (order.get(b) ?? 0);
      const ranked = rank(first, failed.toSorted(inOrder), last);
      const chosen = fit(ranked.slice(0, TIMELINE_STEPS));
      for (const step of ranked) if (!chosen.has(step)) omit(step);
      const steps = [...chosen.keys()].toSorted(inOrder).map((step) => chosen.get(step) ?? step);
      return { steps, omitted };
    },
  };
}

/** An open step has failed when its last attempt did. */
function hasFailed(step: Step): boolean {
  if (step.endedAt === null) return step.failure !== null;
  return step.status === 'failed' || step.status === 'timed_out' || step.status === 'terminated';
}

/** All steps, those first that are to be kept first: the outermost, the failed, then from the ends inwards. */
function rank(first: Step[], failed: Step[], last: Step[]): Step[] {
  const ends: Step[] = [];
  for (let depth = 0; depth < END; depth += 1) {
    const [a, b] = [first[depth], last.at(-1 - depth)];
    if (a) ends.push(a);
    if (b) ends.push(b);
  }
  // The failed ones among the inner steps of the ends are as precious as those in between.
  const inner = ends.slice(2 * LEAST_END);
  const precious = [...failed.toReversed(), ...inner.filter(hasFailed)];
  return [...ends.slice(0, 2 * LEAST_END), ...precious, ...inner.filter((step) => !hasFailed(step))];
}

/**
 * Of the ranked steps those that fit, each with the form in which it does: without stack traces where there is no room
 * for all of them.
 */
function fit(ranked: Step[]): Map<Step, Step> {
  const chosen = new Map<Step, Step>();
  let room = TIMELINE_BYTES - FRAME_BYTES;
  const lean = ranked.map((step) => (step.failure ? { ...step, failure: withoutStacks(step.failure) } : step));
  for (const [index, step] of ranked.entries()) {
    const form = lean[index] ?? step;
    const bytes = bytesOf(form);
    if (bytes > room) continue;
    room -= bytes;
    chosen.set(step, form);
  }
  for (const [step, form] of chosen) {
    if (form === step) continue;
    const more = bytesOf(step) - bytesOf(form);
    if (more > room) continue;
    room -= more;
    chosen.set(step, step);
  }
  return chosen;
}

/** With the comma that follows it. */
function bytesOf(step: Step): number {
  return Buffer.byteLength(JSON.stringify(step)) + 1;
}

/** How many were left out of all kinds. */
export function omittedCount(omitted: Partial<Record<StepKind, number>>): number {
  return Object.values(omitted).reduce((sum, count) => sum + count, 0);
}
