import { z } from 'zod';
import { Timestamp } from './execution.ts';
import { byName, COMPARED_COUNTS, COMPARED_NUMBERS, STATS_NAMES, WINDOW_BY } from './facts/statistics.ts';
import { byStatusField } from './facts/status.ts';

/** How a number is meant: `capped` is at least so many, `estimated` is within the error that stands beside it. */
export const Exactness = z.enum(['exact', 'capped', 'estimated']);
export type Exactness = z.infer<typeof Exactness>;

const count = z.number().int();
const Counts = { total: count, ...byStatusField(() => count) };

/** Milliseconds; `null` where there is nothing to tell it from. */
const Milliseconds = z.number().nullable();

/**
 * Counts and times of the executions that were started (or, `by` end, ended) in a window: those of `STATUSES` and of `STATS_NUMBERS`.
 */
export const ExecutionStats = z.object({
  ...Counts,
  /** Those that ended, in whatever way: what the success rate is of. */
  ended: z.number().int(),
  ...byName(STATS_NAMES, () => z.number().nullable()),
  /**
   * Executions started, and of these those that ended, per hour of the window so far; `null` without a window. By end it is not
   * known how many were started: `null`.
   */
  startedPerHour: z.number().nullable(),
  endedPerHour: z.number().nullable(),
  /** Executions by verdict; those without one are in none. */
  verdicts: z.record(z.string(), z.number().int()),
  by: z.enum(WINDOW_BY),
  /**
   * The window that the numbers are of: the one asked for; by start and without a filter widened to whole UTC hours (days, where
   * older than 35 days).
   */
  window: z.object({ from: Timestamp.nullable(), to: Timestamp.nullable() }),
  exactness: z.object({
    /** All counts, averages and rates. By end or with a filter `capped` where executions may have been pruned: at least so many. */
    counts: Exactness,
    /** Smallest and largest: `estimated` may be wider than true, for some seconds after a correction. */
    extremes: Exactness,
    /** Within 2 % of the time that stands at that rank; by end or with a filter exact. */
    percentiles: Exactness,
  }),
  asOf: Timestamp,
});
export type ExecutionStats = z.infer<typeof ExecutionStats>;

/**
 * This period less the one before; `null` where one of them has nothing to tell. Of the success rate it is percentage points.
 */
export const StatsChange = z.object({
  ...byName(COMPARED_COUNTS, () => count),
  ...byName(COMPARED_NUMBERS, () => z.number().nullable()),
});
export type StatsChange = z.infer<typeof StatsChange>;

/** Statistics beside those of the window of the same length before it; `null` where that was not asked for, or is none. */
export const ComparedStats = ExecutionStats.extend({
  previous: ExecutionStats.nullable(),
  change: StatsChange.nullable(),
});
export type ComparedStats = z.infer<typeof ComparedStats>;

/** `5min` up to a day, read from the executions themselves: at most 20,000 of them. So is every step by end or with a filter. */
export const SERIES_STEPS = ['5min', 'hour', 'day'] as const;
export type SeriesStep = (typeof SERIES_STEPS)[number];

/** What was started (or, by end, ended) in one step of a series. Points without executions are there too, so that a chart needs no filling. */
export const SeriesPoint = z.object({
  startsAt: Timestamp,
  endsAt: Timestamp,
  /** `true` where the day of the zone does not begin or end at a whole UTC hour, and the nearest was taken. */
  isRounded: z.boolean(),
  ...Counts,
  /** Run time in milliseconds. */
  avgDuration: Milliseconds,
  p50Duration: Milliseconds,
  p95Duration: Milliseconds,
});
export type SeriesPoint = z.infer<typeof SeriesPoint>;

export const ExecutionSeries = z.object({
  step: z.enum(SERIES_STEPS),
  timeZone: z.string(),
  by: z.enum(WINDOW_BY),
  points: z.array(SeriesPoint),
  exactness: z.object({ counts: Exactness, percentiles: Exactness }),
  asOf: Timestamp,
});
export type ExecutionSeries = z.infer<typeof ExecutionSeries>;

/** Executions of one workflow, by status. */
export const WorkflowCounters = z.object({ workflowId: z.uuid(), ...Counts, exactness: Exactness, asOf: Timestamp });
export type WorkflowCounters = z.infer<typeof WorkflowCounters>;

export const TopWorkflow = WorkflowCounters.extend({
  name: z.string().nullable(),
  successRate: z.number().nullable(),
  avgDuration: Milliseconds,
  /** Within 2 % of the time that 95 of 100 do not exceed. */
  p95Duration: Milliseconds,
  /** This window less the one of the same length before; `null` where that was not asked for, or is none. */
  change: StatsChange.pick({ total: true, successRate: true, p95Duration: true }).nullable(),
});
export type TopWorkflow = z.infer<typeof TopWorkflow>;

/** Failures of one kind: of the same type, in the same activity, with messages of the same shape. */
export const TopFailure = z.object({
  /** Names the kind; filters lists. */
  failureGroup: z.string(),
  type: z.string().nullable(),
  activityType: z.string().nullable(),
  /** The message with `#` for what has a digit in it and `…` for what is quoted. */
  message: z.string().nullable(),
  /** How many executions ended so. */
  executions: z.number().int(),
  exactness: Exactness,
  /** When the first and the last of them that are still kept were started; `null` where all were pruned. */
  firstStartedAt: Timestamp.nullable(),
  lastStartedAt: Timestamp.nullable(),
  /** The last of them, to look at. */
  lastExecutionId: z.uuid().nullable(),
  asOf: Timestamp,
});
export type TopFailure = z.infer<typeof TopFailure>;
