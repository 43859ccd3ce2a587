import type { ExecutionErrorCode } from './facts/errors.ts';
import { EXECUTION_ERROR_CODES } from './facts/errors.ts';
import type { QuotaUse } from './quota.ts';
import type { ReachedLimit } from './reached-limit.ts';

export interface ExecutionErrorOptions {
  cause?: unknown;
  /** Path of the offending field (`input.amount`) to what is wrong with it. */
  fields?: Record<string, string[]>;
  /** The limit that `quota_exceeded` is about. */
  quota?: QuotaUse;
  /**
   * What callers of the API may read in place of the message, which is then for operators. Without it they read the message
   * only where there is no `cause` from elsewhere: a message may quote its cause.
   */
  forCaller?: string;
  /** The limit that `rate_limited` is about. */
  limit?: ReachedLimit;
}

/** The one error this project throws. The message says what happened, with what value, and what to do. */
export class ExecutionError extends Error {
  readonly code: ExecutionErrorCode;
  readonly fields: Record<string, string[]> | null;
  readonly quota: QuotaUse | null;
  readonly forCaller: string | null;
  readonly limit: ReachedLimit | null;

  constructor(code: ExecutionErrorCode, message: string, options: ExecutionErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ExecutionError';
    this.code = code;
    this.fields = options.fields ?? null;
    this.quota = options.quota ?? null;
    this.forCaller = options.forCaller ?? null;
    this.limit = options.limit ?? null;
  }
}

/** Recognises an ExecutionError across package copies and process borders, by its name and code. */
export function isExecutionError(error: unknown): error is ExecutionError {
  return (
    error instanceof Error &&
    error.name === 'ExecutionError' &&
    (EXECUTION_ERROR_CODES as readonly unknown[]).includes((error as { code?: unknown }).code)
  );
}
