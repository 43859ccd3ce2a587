import type { Failure, Step } from '@runledger/contracts';
import { storableText } from '@runledger/contracts';
import type { TimelineBounds } from './timeline-bounds.ts';

/** Longest name of a step kept, in characters. */
const NAME_LIMIT = 500;
/** Longest summary of one, in characters. */
const SUMMARY_LIMIT = 200;

/** An id of an event as the proto has it: a Long, or a number. */
export type EventId = { toString(): string } | null | undefined;

export interface RunStepsOptions {
  runId: string;
  bounds: TimelineBounds;
  /** The run began with a copy of events that were read already: it is a reset of a run that was read before. */
  startsWithCopy: boolean;
}

export interface BeginStep {
  kind: Step['kind'];
  name: string | null | undefined;
  at: string;
  summary?: string | null;
  child?: Step['child'] | undefined;
  /** What describe knows a pending activity by. */
  activityId?: string | null;
}

export type RunSteps = ReturnType<typeof createRunSteps>;

/** The steps of one run that have begun and not ended. Each goes to the bounds once, as a step of this run. */
export function createRunSteps({ runId, bounds, startsWithCopy }: RunStepsOptions) {
  /** By the id of the event that began them. */
  const open = new Map<string, Step>();
  const activityIds = new WeakMap<Step, string>();
  let isCopy = startsWithCopy;
  let activities = 0;

  return {
    begin(id: EventId, { kind, name, at, summary, child, activityId }: BeginStep): Step {
      const step: Step = {
        kind,
        name: storableText(name || 'unnamed', NAME_LIMIT),
        runId,
        status: 'scheduled',
        scheduledAt: at,
        startedAt: null,
        endedAt: null,
        attempts: null,
        failure: null,
        ...(summary ? { summary: storableText(summary, SUMMARY_LIMIT) } : {}),
        ...(child ? { child } : {}),
      };
      open.set(String(id), step);
      if (activityId) activityIds.set(step, activityId);
      if (isCopy) return step;
      if (kind === 'activity') activities += 1;
      bounds.add(step);
      return step;
    },

    /** One that has not ended. */
    find: (id: EventId): Step | undefined => open.get(String(id)),

    start(id: EventId, at: string): Step | undefined {
      const step = open.get(String(id));
      if (step) Object.assign(step, { status: 'started', startedAt: at });
      return step;
    },

    end(id: EventId, ending: { status: Step['status']; at: string; failure: Failure | null }): void {
      const step = open.get(String(id));
      if (!step) return;
      open.delete(String(id));
      step.status = ending.status;
      step.endedAt = ending.at;
      // Without one of its own it keeps that of the attempt before.
      step.failure = ending.failure ?? step.failure;
      if (!isCopy) bounds.ended(step);
    },

    /** Goes on under the id of another event. */
    move(from: string, to: EventId): boolean {
      const step = open.get(from);
      if (!step) return false;
      open.delete(from);
      open.set(String(to), step);
      return true;
    },

    /** From here on the run is itself: what it took over open goes on in it, and what had ended is of the run before. */
    endCopy(newRunId: string | null | undefined): void {
      if (!isCopy || newRunId !== runId) return;
      isCopy = false;
      for (const step of open.values()) bounds.add(step);
    },

    /** The run has ended: nothing of it is under way any more. Keeps what is known of attempts and failures. */
    abandon(at: string | null): void {
      for (const id of [...open.keys()]) {
        const step = open.get(id);
        open.delete(id);
        if (!step) continue;
        step.status = 'abandoned';
        step.endedAt = at ?? step.startedAt ?? step.scheduledAt;
        if (!isCopy) bounds.ended(step);
      }
    },

    /** The workflow's own code, while it fails. */
    failingCode: (): Step | undefined => [...open.values()].find(({ kind }) => kind === 'workflow_task'),

    /** Activities that are not over, by activity id. */
    openActivities(): Map<string, Step> {
      return new Map(
        [...open.values()]
          .flatMap((step) => [[activityIds.get(step) ?? '', step]] as const)
          .filter(([id]) => id !== ''),
      );
    },

    /** How many activities this run scheduled. */
    activities: () => activities,
  };
}
