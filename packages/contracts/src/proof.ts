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

/**
 * A transaction that is older than the changes that wait behind it: of a session, in whatever database of the cluster, or a
 * prepared one. `unknown` where the database does not show other roles' sessions.
 */
export const ChangeFeedBlocker = z.object({
  kind: z.enum(['session', 'prepared', 'unknown']),
  pid: z.number().int().nullable(),
  application: z.string().nullable(),
  database: z.string().nullable(),
  /** As Postgres says it: `idle in transaction`, `active`, … */
  state: z.string().nullable(),
  /** Name of a prepared transaction. */
  gid: z.string().nullable(),
  since: Timestamp,
  /** How long the oldest change waits behind it, in milliseconds; `null` while none does. */
  waitingMs: z.number().int().nullable(),
});
export type ChangeFeedBlocker = z.infer<typeof ChangeFeedBlocker>;

/** What the database itself counts about one namespace; part of the proof. */
export const LedgerFigures = z.object({
  /** Unsettled executions: open, or ended only by a report. Exact. */
  open: z.number().int(),
  /** Unsettled executions by health as of their last check; those never checked are in none. Exact. */
  health: z.record(Health, z.number().int()),
  /** Unsettled executions that were never checked yet. */
  unchecked: z.number().int(),
  /** The oldest check among unsettled executions; `null` without any. */
  oldestCheckAt: Timestamp.nullable(),
  /** Oldest check's age in milliseconds by the database's clock; `null` without any. */
  oldestCheckAgeMs: z.number().int().nullable(),
  /** How long the one among those never checked waits that waits longest, in milliseconds; `null` without any. */
  oldestUncheckedAgeMs: z.number().int().nullable(),
  /** Histories of ended executions that wait to be condensed: how many, at most 10,000, and for how long the oldest is due. */
  timelines: z.object({ pending: z.number().int(), oldestAgeMs: z.number().int().nullable() }),
  /** The transaction that holds up the feed of changes for ten seconds or more; `null` while none does. */
  changeFeedHeldBy: ChangeFeedBlocker.nullable(),
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
  /** When it last read to the end of what there was, by the monitor's clock; `null` before its first turn. */
  readAt: Timestamp.nullable(),
  /** Since when Temporal limits its calls; `null` while it does not. */
  throttledSince: Timestamp.nullable(),
  /** Server time of the newest run that it has read and recorded. Old where nothing happened since. */
  watermark: Timestamp.nullable(),
});
export type FeedState = z.infer<typeof FeedState>;

/** The parts of an execution beside its status that are compared with the engine's. */
export const EXECUTION_PARTS = ['runs', 'engine start', 'first task', 'cancel request'] as const;
export type ExecutionPart = (typeof EXECUTION_PARTS)[number];

/** What the monitor publishes about one namespace, and how it knows. */
export const Proof = LedgerFigures.extend({
  /** When it was published. */
  at: Timestamp,
  /** Unsettled executions that differ from the engine now, as far as known: found, and not repaired. */
  diverging: z.number().int(),
  /** Rows that the reconciler found to differ from the engine in the last hour, and repaired. */
  diverged: z.number().int(),
  /** Parts that checks of the last hour brought to rows whose status was right, as far as this monitor made them. */
  broughtParts: z.record(z.enum(EXECUTION_PARTS), z.number().int()),
  /** Part of the last hour's ends that no hint announced: the reconciler found them; `null` where nothing ended. */
  feedMissRate: z.number().nullable(),
  /** Why nothing is believed at the moment; `null` when all is well. */
  alarm: z.string().nullable(),
  /** Every unsettled execution is to be described at least once in this time, in milliseconds. */
  periodMs: z.number().int(),
  /**
   * The longest that an unsettled execution went without a check within the latest period, in milliseconds: the period that
   * is reached. `null` where there was nothing to check.
   */
  periodReachedMs: z.number().int().nullable(),
  /** How long Temporal keeps what has closed, in milliseconds; `null` while that is not known, and of an older monitor. */
  retentionMs: z.number().int().nullable().default(null),
  /** Promises that are missed now, one sentence each; empty when all are kept. */
  missed: z.array(z.string()),
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

/** The unsettled executions of one user in a namespace. */
export const OwnFigures = LedgerFigures.pick({
  open: true,
  health: true,
  unchecked: true,
  oldestCheckAgeMs: true,
}).extend({
  /** Counted no further than 10,000; `true` where there were more. */
  capped: z.boolean(),
});
export type OwnFigures = z.infer<typeof OwnFigures>;

/**
 * What a proof says to one user: how well they are followed, and the figures of their own executions. How much all others
 * run is the operator's.
 */
export const OwnProof = Proof.pick({ at: true, periodMs: true, periodReachedMs: true, retentionMs: true }).extend({
  /** The monitor publishes, kept its promises, and believes Temporal. */
  isWell: z.boolean(),
  own: OwnFigures,
});
export type OwnProof = z.infer<typeof OwnProof>;

/**
 * - `followed`: a monitor proves it. `unproven`: it has unsettled executions, and none does.
 * - `idle`: none does, and nothing of it is open.
 */
export const NamespaceStanding = z.enum(['followed', 'unproven', 'idle']);
export type NamespaceStanding = z.infer<typeof NamespaceStanding>;

/** What operators are shown of a namespace: everybody's figures, and what is not well about it. */
export const NamespaceProof = z.object({
  namespace: z.string(),
  standing: NamespaceStanding,
  /** Since when nobody proves an unproven one; `null` where that is not so, or nobody ever has. */
  unprovenSince: Timestamp.nullable(),
  /** The latest, also of a monitor that is gone; `null` before the first, and of a monitor of another version. */
  proof: Proof.nullable(),
  /** Why it does not show that all is well, one sentence each; empty when it does. */
  problems: z.array(z.string()),
});
export type NamespaceProof = z.infer<typeof NamespaceProof>;

/** A namespace with unsettled executions that no monitor has published a proof of lately. */
export interface UnprovenNamespace {
  namespace: string;
  /** When the latest proof was published, ISO 8601; `null`: never. */
  provedAt: string | null;
}

/** Pure: whether a proof is so old that nobody seems to publish any more: twice its period, and a minute at least. */
export function isStale({ at, periodMs }: Pick<Proof, 'at' | 'periodMs'>, now: number = Date.now()): boolean {
  return now - Date.parse(at) > Math.max(60_000, 2 * periodMs);
}
