import type { HEALTHS } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts/format-duration';
import type { ExecutionStatus } from '@runledger/contracts/status';
import { STATUS_LABELS } from '@runledger/contracts/status';
import type { ReactNode } from 'react';
import type { ExecutionSummary } from '../../live/stream-source.ts';
import type { ActionWords } from './action-words.ts';
import { ACTION_WORDS } from './action-words.ts';
import type { ListWords } from './list-words.ts';
import { LIST_WORDS } from './list-words.ts';
import type { ProofWords } from './proof-words.ts';
import { PROOF_WORDS } from './proof-words.ts';
import type { TimelineWords } from './timeline-words.ts';
import { TIMELINE_WORDS } from './timeline-words.ts';

/** The healths that have a label: all but that of an execution that runs as it should. */
export type TroubledHealth = Exclude<(typeof HEALTHS)[number], 'live'>;

/** What an execution's row and its whole have in common. */
export type ExecutionFacts = Pick<
  ExecutionSummary,
  'id' | 'status' | 'errorMessage' | 'endReason' | 'verdict' | 'tags' | 'metadata' | 'workflowId'
> & { workflow: { name: string } };

/**
 * Everything that the components say. Whatever is given in `words` takes the place of the default of that name, which is how they
 * are translated too. Durations and ages are in milliseconds; instants are ISO 8601.
 */
export interface Words
  extends Record<ExecutionStatus | TroubledHealth, string>,
    ListWords,
    TimelineWords,
    ActionWords,
    ProofWords {
  /**
   * Why an execution stands or ended as it did, for whoever looks. `null`: for the `user` audience nothing, because messages of
   * errors are not made for customers; for the `team` the error itself.
   */
  why: ((execution: ExecutionFacts) => ReactNode) | null;
  duration(ms: number): string;
  ago(ms: number): string;
  /** An instant in full, where its age is not known yet (on a server) and in titles. */
  dateTime(instant: string): string;
  /** Between what is shown where there is nothing to show. */
  nothing: string;
}

export const DEFAULT_WORDS: Words = {
  ...STATUS_LABELS,
  late: 'Late',
  wedged: 'Wedged',
  cancelling: 'Cancelling',
  lost: 'Lost',
  why: null,
  duration: formatDuration,
  ago: (ms) => (ms < 60_000 ? 'just now' : `${formatDuration(inWholeUnits(ms))} ago`),
  dateTime: (instant) =>
    `${new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(new Date(instant))} UTC`,
  nothing: '–',
  ...LIST_WORDS,
  ...TIMELINE_WORDS,
  ...ACTION_WORDS,
  ...PROOF_WORDS,
};

const UNITS_MS = [86_400_000, 3_600_000, 60_000];

/** An age has whole units: "1 min ago" until it is two. */
function inWholeUnits(ms: number): number {
  const unit = UNITS_MS.find((size) => ms >= size) ?? 1;
  return Math.floor(ms / unit) * unit;
}
