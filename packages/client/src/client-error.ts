import type { ExecutionErrorCode, QuotaUse, ReachedLimit } from '@runledger/contracts';
import { TRPCClientError } from '@trpc/client';
import { UnexpectedAnswer } from './links/readable-answers.ts';
import type { AppRouter } from './router-types.ts';

/**
 * The code of a failed call (`input_rejected`, `not_found`, …); `null` for what has none: a network that is down, a
 * proxy's error page, an error that is not of a call.
 */
export function executionErrorCode(error: unknown): ExecutionErrorCode | null {
  return dataOf(error)?.executionCode ?? null;
}

/** Path of each offending field to what is wrong with it (`input.amount` → `must be >= 1`), for a form; `null` without. */
export function errorFields(error: unknown): Record<string, string[]> | null {
  return dataOf(error)?.fields ?? null;
}

/** The limit that a refused `createExecution` met, how much of it is used and when it frees; `null` without. */
export function exceededQuota(error: unknown): QuotaUse | null {
  return dataOf(error)?.quota ?? null;
}

/** The limit of the API that a `rate_limited` call met, how much it allows, and when it frees; `null` without. */
export function reachedLimit(error: unknown): ReachedLimit | null {
  return dataOf(error)?.limit ?? null;
}

/** How long to wait before the same call may be let through, in milliseconds; `null` where the server did not say. */
export function retryAfterMs(error: unknown): number | null {
  return reachedLimit(error)?.retryAfterMs ?? null;
}

/**
 * Whether the same call may succeed in a moment: the network, Temporal or the database was away, or the caller asked for
 * too much at a time, where `retryAfterMs` says after when. Repeat
 * `createExecution` only with an `idempotencyKey`, since the first call may have got through.
 */
export function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof TRPCClientError)) return false;
  const { httpStatus, executionCode } = dataOf(error) ?? {};
  // A quota frees at the end of an hour, a day or a month, or when a run ends; `exceededQuota` says so.
  if (executionCode === 'quota_exceeded') return false;
  const status = httpStatus ?? (error.cause instanceof UnexpectedAnswer ? error.cause.status : null);
  // `fetch` throws a TypeError where no answer came. Whatever else failed (the caller gave up, for one) fails again.
  return status === null ? error.cause instanceof TypeError : [429, 502, 503, 504].includes(status);
}

function dataOf(error: unknown) {
  return error instanceof TRPCClientError ? (error as TRPCClientError<AppRouter>).data : null;
}
