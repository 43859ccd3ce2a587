import type { ExecutionErrorCode } from '@runledger/contracts';
import { TRPCClientError } from '@trpc/client';
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

/**
 * Whether the same call may succeed in a moment: the network, Temporal or the database was away. Repeat
 * `createExecution` only with an `idempotencyKey`, since the first call may have got through.
 */
export function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof TRPCClientError)) return false;
  const status = dataOf(error)?.httpStatus;
  return status === undefined || [429, 502, 503, 504].includes(status);
}

function dataOf(error: unknown) {
  return error instanceof TRPCClientError ? (error as TRPCClientError<AppRouter>).data : null;
}
