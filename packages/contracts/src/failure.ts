import { z } from 'zod';
import { Json } from './json.ts';

/** Longest error message kept, in characters. */
export const ERROR_MESSAGE_LIMIT = 4_000;
/** Longest stack trace kept, in characters. */
export const STACK_LIMIT = 16_000;
/** Largest details of a failure kept, in bytes of JSON. */
export const DETAILS_LIMIT_BYTES = 4_096;
/** Deepest cause chain kept. */
export const CAUSE_LIMIT = 10;

/** Why an execution did not complete: Temporal's failure, bounded and decoded as far as that was possible. */
export interface Failure {
  /** The error's type as the workflow or activity named it (`CardError`), or Temporal's own (`TimeoutFailure`). */
  type: string | null;
  message: string;
  stack?: string | null;
  nonRetryable?: boolean;
  /** What the code gave with the error, as a list; left out where there is none, or it is too large or unreadable. */
  details?: Json | null;
  /** The activity that failed, where one did. */
  activityType?: string | null;
  /** The child workflow that failed, where one did. */
  childWorkflowType?: string | null;
  /** How many times the activity or workflow was tried, where the engine says so. */
  attempts?: number | null;
  /** Temporal's reason why it did not retry (`MAXIMUM_ATTEMPTS_REACHED`). */
  retryState?: string | null;
  cause?: Failure | null;
}

export const Failure: z.ZodType<Failure> = z.lazy(() =>
  z.object({
    type: z.string().nullable(),
    message: z.string(),
    stack: z.string().nullish(),
    nonRetryable: z.boolean().optional(),
    details: Json.nullish(),
    activityType: z.string().nullish(),
    childWorkflowType: z.string().nullish(),
    attempts: z.number().int().nullish(),
    retryState: z.string().nullish(),
    cause: Failure.nullish(),
  }),
);
