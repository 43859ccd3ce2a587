import { z } from 'zod';
import { ExecutionStatus } from './execution.ts';
import {
  FILTER_USERS,
  FILTER_WORKFLOWS,
  ID_COUNT,
  INSTANT_LIMIT,
  SEARCH_TEXT,
  TAG_COUNT,
  TAG_LIMIT,
  TEMPORAL_ID_BYTES,
  USER_ID_LIMIT,
  VERDICT_LIMIT,
} from './facts/limits.ts';
import type { ExecutionFilter } from './filter.ts';
import { AUTHORITIES, EXECUTION_ORDERS } from './filter.ts';
import { RELATIVE_INSTANT } from './filter-window.ts';
import { ORIGINS } from './origins.ts';
import { Health } from './proof.ts';
import { TemporalId } from './temporal-id.ts';

/** What Postgres does not take although ISO 8601 has it: the year 0, and offsets of 16 hours or more. */
const BEYOND_POSTGRES = /^0000|[+-](1[6-9]|2\d):\d\d$/;
/** A point in time with its zone: `2026-11-21T09:00:00Z`. Kept as text, which has the microseconds. */
export const Instant = z.iso
  .datetime({ offset: true })
  .max(INSTANT_LIMIT)
  .refine(
    (instant) => !BEYOND_POSTGRES.test(instant),
    'must be of the years 0001 to 9999, with an offset below 16 hours',
  );
/** A point in time, or one that depends on when it is asked for: `-24h`, `-7d`. */
export const RelativeInstant = z.union([Instant, z.string().max(7).regex(RELATIVE_INSTANT)], {
  error: 'must be a time like 2026-11-21T09:00:00Z, or one before now like -24h',
});
const DurationMs = z.number().int().nonnegative();
const Runs = z.number().int().min(0).max(2_147_483_647);
const UserId = z.string().min(1).max(USER_ID_LIMIT);
const Tags = z.array(z.string().min(1).max(TAG_LIMIT)).min(1).max(TAG_COUNT);

/** What callers may say of which executions they want; one status need not be in a list. Gives an `ExecutionFilter`. */
export const FilterRequest = z.object({
  status: z
    .union([ExecutionStatus, z.array(ExecutionStatus).max(ExecutionStatus.options.length)])
    .transform((status) => [status].flat())
    .optional(),
  not: z
    .object({ status: z.array(ExecutionStatus).max(ExecutionStatus.options.length).optional(), tags: Tags.optional() })
    .optional(),
  workflowId: z.uuid().optional(),
  userId: UserId.optional(),
  userIds: z.array(UserId).min(1).max(FILTER_USERS).optional(),
  origin: z.array(z.enum(ORIGINS)).min(1).max(ORIGINS.length).optional(),
  workflowIds: z.array(z.uuid()).min(1).max(FILTER_WORKFLOWS).optional(),
  taskQueue: z.string().min(1).max(TEMPORAL_ID_BYTES).optional(),
  workflowType: z.string().min(1).max(TEMPORAL_ID_BYTES).optional(),
  from: RelativeInstant.optional(),
  to: RelativeInstant.optional(),
  endedFrom: RelativeInstant.optional(),
  endedTo: RelativeInstant.optional(),
  authority: z.enum(AUTHORITIES).optional(),
  verdict: z.string().min(1).max(VERDICT_LIMIT).optional(),
  minDurationMs: DurationMs.optional(),
  maxDurationMs: DurationMs.optional(),
  minRuns: Runs.optional(),
  maxRuns: Runs.optional(),
  tags: Tags.optional(),
  allTags: Tags.optional(),
  health: z.array(Health).min(1).max(Health.options.length).optional(),
  failureGroup: z
    .string()
    .max(16)
    .regex(/^[0-9a-f]{16}$/, 'is not 16 hexadecimal digits')
    .optional(),
  text: z.string().min(SEARCH_TEXT.least).max(SEARCH_TEXT.most).optional(),
  ids: z.array(TemporalId).min(1).max(ID_COUNT).optional(),
}) satisfies z.ZodType<ExecutionFilter>;

/** How a list is sorted. */
export const OrderRequest = z.object({
  orderBy: z.enum(EXECUTION_ORDERS).default('started_at'),
  orderDirection: z.enum(['asc', 'desc']).default('desc'),
});
