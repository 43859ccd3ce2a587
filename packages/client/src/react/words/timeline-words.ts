import type { Step, StepKind } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';

type StepStatus = Step['status'];

export interface TimelineWords {
  steps: string;
  columnStep: string;
  columnAt: string;
  columnTrack: string;
  stepStatus: Record<StepStatus, string>;
  stepKind: Record<StepKind, string>;
  /** Beside the name of a step that was tried more than once. */
  attempts(count: number): string;
  /** In a band in place of a time in which nothing worked. */
  idle(ms: number): string;
  unfold(ms: number): string;
  fold: string;
  legendLast: string;
  legendEarlier: string;
  legendQueue: string;
  legendOther: string;
  stepCount(count: number): string;
  keptAtClose: string;
  readFromTemporal: string;
  stepsPending: string;
  stepsMissing: string;
  noSteps: string;
  leftOut(count: number): string;
  showAllSteps(count: number): string;
  zoomReset: string;
  now: string;
}

const steps = (count: number) => `${count} step${count === 1 ? '' : 's'}`;

export const TIMELINE_WORDS: TimelineWords = {
  steps: 'Steps',
  columnStep: 'Step',
  columnAt: 'After',
  columnTrack: 'Time',
  stepStatus: {
    scheduled: 'in the queue',
    started: 'under way',
    completed: 'completed',
    failed: 'failed',
    timed_out: 'timed out',
    cancelled: 'cancelled',
    terminated: 'terminated',
    received: 'received',
    abandoned: 'given up',
  },
  stepKind: {
    activity: 'activity',
    timer: 'timer',
    child: 'child workflow',
    signal: 'signal',
    update: 'update',
    workflow_task: 'workflow task',
  },
  attempts: (count) => `×${count}`,
  idle: (ms) => `${formatDuration(ms)} idle`,
  unfold: (ms) => `Show the ${formatDuration(ms)} in which nothing worked`,
  fold: 'Fold idle time',
  legendLast: 'last attempt',
  legendEarlier: 'earlier attempts and back-off',
  legendQueue: 'in the queue',
  legendOther: 'the same step in the last success',
  stepCount: steps,
  keptAtClose: 'kept at close',
  readFromTemporal: 'read from Temporal just now',
  stepsPending: 'It has just ended; its steps are being read.',
  stepsMissing: 'Temporal no longer had its history, so its steps are not known.',
  noSteps: 'No steps.',
  leftOut: (count) => `${steps(count)} left out`,
  showAllSteps: (count) => `Show all ${count} steps`,
  zoomReset: 'Show all of the time',
  now: 'now',
};
