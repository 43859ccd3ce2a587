import { isExecutionError } from '@runledger/contracts';

/** The header that tells clients of any kind when to come back, where an error of an answer knows; of several the last time. */
export function retryAfter(errors: readonly unknown[]): Record<string, string> {
  const seconds = errors.flatMap((error) => {
    const after = isExecutionError(error) ? error.limit?.retryAfterMs : null;
    return after ? [Math.ceil(after / 1_000)] : [];
  });
  return seconds.length > 0 ? { 'retry-after': String(Math.max(...seconds)) } : {};
}
