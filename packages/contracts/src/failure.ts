import { z } from 'zod';
import { CAUSE_LIMIT } from './facts/limits.ts';
import { Json } from './json.ts';

/** Why an execution did not complete: Temporal's failure, bounded and decoded as far as that was possible. */
export interface Failure {
  /** The error's type as the workflow or activity named it (`CardError`), or Temporal's own (`TimeoutFailure`). */
  type: string | null;
  message: string;
  stack?: string | null;
  nonRetryable?: boolean;
  /** What the code gave with the error, as a list; left out where there is none, or it cannot be kept. */
  details?: Json | null;
  /** Why there are no details although there were some, or what was changed in them; in the words of `OUTPUT_NOTES`. */
  detailsNote?: string;
  /** The activity that failed, where one did. */
  activityType?: string | null;
  /** The child workflow that failed, where one did. */
  childWorkflowType?: string | null;
  /** How many times the activity or workflow was tried, where the engine says so. */
  attempts?: number | null;
  /** Temporal's reason why it did not retry (`MAXIMUM_ATTEMPTS_REACHED`). */
  retryState?: string | null;
  cause?: Failure | null;
  /** How many causes were left out between this failure and its `cause`; left out itself where none were. */
  omittedCauses?: number;
}

export const Failure: z.ZodType<Failure> = z.lazy(() =>
  z.object({
    type: z.string().nullable(),
    message: z.string(),
    stack: z.string().nullish(),
    nonRetryable: z.boolean().optional(),
    details: Json.nullish(),
    detailsNote: z.string().optional(),
    activityType: z.string().nullish(),
    childWorkflowType: z.string().nullish(),
    attempts: z.number().int().nullish(),
    retryState: z.string().nullish(),
    cause: Failure.nullish(),
    omittedCauses: z.number().int().positive().optional(),
  }),
);

/** Longest chain of causes that is followed. */
const LONGEST_CHAIN = 10_000;

/** The causes of a failure from the outermost to the root, itself first. One that comes round to itself ends there. */
export function causesOf<T extends object>(outermost: T, causeOf: (failure: T) => T | null | undefined): T[] {
  const causes = new Set<T>();
  for (let at: T | null | undefined = outermost; at && !causes.has(at) && causes.size < LONGEST_CHAIN; at = causeOf(at))
    causes.add(at);
  return [...causes];
}

/**
 * Links failures, the outermost first, into one with its causes: at most `limit` of them, the outermost and the root
 * among them. What is cut is in the middle, and counted.
 */
export function linkCauses<T extends { cause?: T | null; omittedCauses?: number }>(
  failures: readonly T[],
  limit = CAUSE_LIMIT,
): T | null {
  const outer = failures.length <= limit ? failures.length : Math.ceil(limit / 2);
  const inner = Math.max(failures.length - (limit - outer), outer);
  const kept = [...failures.slice(0, outer), ...failures.slice(inner)];
  return kept.reduceRight<T | null>((cause, failure, index) => {
    // What was left out before, by whoever cut this chain already, stays counted.
    const cut = index === outer - 1 ? failures.slice(outer, inner) : [];
    const omitted = cut.reduce((sum, one) => sum + 1 + (one.omittedCauses ?? 0), failure.omittedCauses ?? 0);
    const { omittedCauses: _, ...rest } = failure;
    return { ...rest, cause, ...(omitted > 0 ? { omittedCauses: omitted } : {}) } as T;
  }, null);
}
