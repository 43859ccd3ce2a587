import { z } from 'zod';
import { Timestamp } from './execution.ts';
import { HEALTHS } from './healths.ts';

/** Health of an unsettled execution; never a status. */
export const Health = z.enum(HEALTHS);
export type Health = z.infer<typeof Health>;

/** How an unsettled execution stood when it was last looked at. */
export const ExecutionHealth = z.object({
  health: Health,
  reason: z.string().nullable(),
  /** The one thing that is safe to do about it; `null` where nothing needs doing. */
  remedy: z.string().nullable(),
  checkedAt: Timestamp.nullable(),
});
export type ExecutionHealth = z.infer<typeof ExecutionHealth>;

/** Close → recorded, of the ends that one source recorded in the last hour; milliseconds. */
export const SourceLag = z.object({
  count: z.number().int(),
  p50Ms: z.number().int(),
  p95Ms: z.number().int(),
  p99Ms: z.number().int(),
  maxMs: z.number().int(),
});
export type SourceLag = z.infer<typeof SourceLag>;

/** What the database itself counts about one namespace; part of the proof. */
export const LedgerFigures = z.object({
  /** Unsettled executions: open, or ended only by a report. Exact. */
  open: z.number().int(),
  /** Unsettled executions by health as of their last check; those never checked are in none. Exact. */
  health: z.record(Health, z.number().int()),
  /** Unsettled executions that were never checked yet. */
  unchecked: z.number().int(),
  /** The oldest check among unsettled executions (their request, where there was none yet); `null` without any. */
  oldestCheckAt: Timestamp.nullable(),
  /** Oldest check's age in milliseconds by the database's clock; `null` without any. */
  oldestCheckAgeMs: z.number().int().nullable(),
  /** Ends that the engine's word recorded in the last hour, by who noticed first: `watch`, `feed`, `reconciler`. */
  recorded: z.record(z.string(), SourceLag),
  /** Reports that the engine contradicted in the last hour, and rows that only the reconciler found to differ, by source. */
  corrected: z.record(z.string(), z.number().int()),
  /** The two above look at no more than the latest 10,000 changes of the hour; `true` where there were more. */
  capped: z.boolean(),
});
export type LedgerFigures = z.infer<typeof LedgerFigures>;

/** What one feed is doing. */
export const FeedState = z.object({
  everyMs: z.number().int(),
  /** Since when Temporal limits its calls; `null` while it does not. */
  throttledSince: Timestamp.nullable(),
  /** Server time up to which it has read and recorded. */
  watermark: Timestamp.nullable(),
});
export type FeedState = z.infer<typeof FeedState>;

/** What the monitor publishes about one namespace, and how it knows. */
export const Proof = LedgerFigures.extend({
  /** When it was published. */
  at: Timestamp,
  /** Unsettled executions that differ from the engine now, as far as known: found, and not repaired. */
  diverging: z.number().int(),
  /** Rows that the reconciler found to differ from the engine in the last hour, and repaired. */
  diverged: z.number().int(),
  /** Part of the last hour's ends that no hint announced: the reconciler found them; `null` where nothing ended. */
  feedMissRate: z.number().nullable(),
  /** Why nothing is believed at the moment; `null` when all is well. */
  alarm: z.string().nullable(),
  /** Every unsettled execution is described at least once in this time, in milliseconds. */
  periodMs: z.number().int(),
  /** The monitor that publishes. */
  monitor: z.object({
    version: z.number().int(),
    identity: z.string(),
    startedAt: Timestamp,
    watching: z.number().int(),
    watchCap: z.number().int(),
    closureFeed: FeedState,
    startFeed: FeedState,
  }),
});
export type Proof = z.infer<typeof Proof>;
