import { ExecutionError, isExecutionError } from '@runledger/contracts';
import pRetry from 'p-retry';
import type { PostgrestFault } from './ledger-error.ts';
import { ledgerError } from './ledger-error.ts';

/** What every supabase-js query builder resolves to. */
interface Answer<T> {
  data: T;
  error: PostgrestFault | null;
  status: number;
}

interface Query<T> extends PromiseLike<Answer<T>> {
  abortSignal(signal: AbortSignal): PromiseLike<Answer<T>>;
  /** Newer clients repeat reads by themselves. */
  retry?(enabled: boolean): unknown;
}

/** The table or function that a query asks, as its URL has it: `rpc/record_outcomes`. */
function calledBy(query: object): string | null {
  const { url } = query as { url?: unknown };
  return url instanceof URL ? (url.pathname.split('/rest/v1/')[1] ?? null) : null;
}

export interface CallOptions {
  /** How long one attempt may take, in milliseconds. */
  deadlineMs: number;
  /** Attempts after the first on transport faults. */
  retries: number;
  /** Longest pause between attempts, in milliseconds; the first is a tenth of it. */
  maxPauseMs: number;
  /** How long all attempts may take together, in milliseconds; the last one gets what is left. Default: as long as each may. */
  withinMs?: number;
}

export const CALL_DEFAULTS: CallOptions = { deadlineMs: 10_000, retries: 3, maxPauseMs: 1_000 };

/**
 * Sends a query, again on transport faults: every call of this package is idempotent by an id that all attempts carry.
 * `query` makes a fresh builder per attempt. Throws `ExecutionError`.
 */
export async function callDatabase<T>(
  query: () => Query<T>,
  { deadlineMs, retries, maxPauseMs, withinMs = Number.POSITIVE_INFINITY }: CallOptions = CALL_DEFAULTS,
): Promise<NonNullable<T>> {
  const until = performance.now() + withinMs;
  const leftMs = () => Math.max(0, Math.ceil(until - performance.now()));
  return pRetry(
    async () => {
      const attempt = query();
      attempt.retry?.(false);
      const { data, error, status } = await attempt.abortSignal(AbortSignal.timeout(Math.min(deadlineMs, leftMs())));
      if (error) throw ledgerError(error, status, calledBy(attempt));
      return data as NonNullable<T>;
    },
    {
      retries,
      factor: 3,
      minTimeout: maxPauseMs / 10,
      maxTimeout: maxPauseMs,
      randomize: true,
      shouldRetry: ({ error }) => isExecutionError(error) && error.code === 'ledger_unavailable' && leftMs() > 0,
    },
  ).catch((error: unknown) => {
    if (isExecutionError(error)) throw error;
    throw new ExecutionError('internal', `A call to the ledger failed: ${String(error)}`, { cause: error });
  });
}
