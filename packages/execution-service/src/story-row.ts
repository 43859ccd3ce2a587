import type {
  ExecutionHealth,
  ExecutionReport,
  ExecutionStory,
  ExecutionTransition,
  Timeline,
} from '@runledger/contracts';
import { fromRow, toExecution } from './from-row.ts';
import { toUnsettled } from './unsettled-row.ts';

interface StoryRow {
  execution: object;
  workflow_name: string | null;
  followed: object | null;
  transitions: object[];
  runs: object[];
  reports: object[];
  health: object | null;
  timeline: object | null;
}

export function toStory(row: StoryRow): ExecutionStory {
  return {
    execution: toExecution(row.execution),
    workflowName: row.workflow_name ?? '',
    followed: row.followed && toUnsettled(row.followed),
    transitions: row.transitions.map((transition) => fromRow(transition) as unknown as ExecutionTransition),
    runs: row.runs.map((run) => fromRow(run) as unknown as ExecutionStory['runs'][number]),
    reports: row.reports.map((report) => fromRow(report) as unknown as ExecutionReport),
    health: row.health && (fromRow(row.health) as unknown as ExecutionHealth),
    timeline: row.timeline && toTimeline(row.timeline),
  };
}

/** A row of `execution_timelines`. */
export function toTimeline(row: object): Timeline {
  const { state, steps, omitted, activitiesExecuted, readAt } = fromRow(row) as unknown as Timeline;
  return { state, steps, omitted, activitiesExecuted, readAt };
}
