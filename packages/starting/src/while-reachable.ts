import type { ExecutionErrorCode } from '@runledger/contracts';
import { isExecutionError } from '@runledger/contracts';

const KEEPS_OTHERS_FROM: readonly ExecutionErrorCode[] = ['engine_unavailable', 'engine_throttled'];

/** Does something in Temporal for one of several executions, of which it is told the namespace. */
export type WhileReachable = <T>(namespace: string, work: () => Promise<T>) => Promise<T>;

/**
 * For one call about several executions: once Temporal is away or throttles for one of them, what has not begun in its namespace fails with the
 * same error. A hundred that each waited for Temporal's deadline would take minutes.
 */
export function createWhileReachable(): WhileReachable {
  const away = new Map<string, unknown>();
  return async (namespace, work) => {
    if (away.has(namespace)) throw away.get(namespace);
    try {
      return await work();
    } catch (error) {
      if (isExecutionError(error) && KEEPS_OTHERS_FROM.includes(error.code)) away.set(namespace, error);
      throw error;
    }
  };
}
