import { z } from 'zod';
import { Timestamp } from './execution.ts';
import { Exactness, TopFailure } from './statistics.ts';

const count = z.number().int();

/** A kind of failures in a window, and what became of it since the one before. */
export const FailureGroup = TopFailure.pick({
  failureGroup: true,
  type: true,
  activityType: true,
  message: true,
  executions: true,
  lastExecutionId: true,
}).extend({
  /** How many users it hit. `capped`: counted in the latest 1,000 executions of the kind. */
  users: count,
  usersExactness: Exactness,
  /** When the first and the last of them that are kept were started, within the window. */
  firstSeenAt: Timestamp.nullable(),
  lastSeenAt: Timestamp.nullable(),
  /** How many there were in the window of the same length before; `null` without a window. */
  previous: count.nullable(),
  /** More than before, fewer, or as many; `null` without a window. */
  trend: z.enum(['up', 'down', 'same']).nullable(),
  /** Nothing of the kind was ever counted before the window; `null` without one. */
  isNew: z.boolean().nullable(),
  /** More than chance makes of the number before: beyond three standard deviations of a Poisson count. `null` without a window. */
  moreThanUsual: z.boolean().nullable(),
  /** How many in each of `bucketsStartAt`. */
  series: z.array(count),
});
export type FailureGroup = z.infer<typeof FailureGroup>;

export const FailureGroups = z.object({
  /** Most executions first, of equal ones the one seen last. */
  groups: z.array(FailureGroup),
  /** When each of up to 24 buckets of the window begins: whole hours, or days; none without a window. */
  bucketsStartAt: z.array(Timestamp),
  /** The window that the numbers are of: widened to whole UTC hours (days, where older than 35 days). */
  window: z.object({ from: Timestamp.nullable(), to: Timestamp.nullable() }),
  asOf: Timestamp,
});
export type FailureGroups = z.infer<typeof FailureGroups>;

/** Pure: whether `executions` are more than chance makes of `previous`. Five at least: fewer are not a sign of anything. */
export function isMoreThanUsual(executions: number, previous: number): boolean {
  return executions >= 5 && executions > previous + 3 * Math.sqrt(previous + 1);
}

/** A user whom a kind of failure hit. */
export const FailureUser = z.object({
  userId: z.string(),
  name: z.string().nullable(),
  executions: count,
  firstSeenAt: Timestamp,
  lastSeenAt: Timestamp,
  lastExecutionId: z.uuid(),
});
export type FailureUser = z.infer<typeof FailureUser>;

/** Most often hit first, then last hit. `capped`: by the latest 10,000 executions of the kind, or there are more. */
export const FailureUsers = z.object({ users: z.array(FailureUser), exactness: Exactness });
export type FailureUsers = z.infer<typeof FailureUsers>;
