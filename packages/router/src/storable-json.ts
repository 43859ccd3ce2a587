import { ExecutionError, findUnstorable, REQUEST_DEPTH } from '@runledger/contracts';

/**
 * Refuses what JSON can say and Postgres, Temporal or JavaScript cannot keep: NUL characters and halves of surrogate
 * pairs (no `text` or `jsonb` holds them), numbers beyond 1.8e308 (they arrive as Infinity and would become null),
 * keys named `__proto__`, and nesting that overflows stacks. Also integers beyond 2^53, which may have been others before
 * they were parsed, unless the host has looked (`numbersChecked`).
 * @throws ExecutionError `invalid_input` with the path.
 */
export function refuseUnstorable(value: unknown, { numbersChecked = false } = {}): void {
  const found = findUnstorable(value, {
    levels: REQUEST_DEPTH,
    alsoRefuse: (node, key) => {
      if (key === '__proto__') return 'is a key that is not taken';
      if (numbersChecked || typeof node !== 'number' || !Number.isInteger(node) || Number.isSafeInteger(node))
        return null;
      return 'is an integer beyond 2^53, which JavaScript rounds; send it as text';
    },
  });
  if (!found) return;
  const path = found.path || 'request';
  throw new ExecutionError('invalid_input', `${path} ${found.problem}.`, { fields: { [path]: [found.problem] } });
}

/** Whether a value is nested deeper than that many levels. Never overflows the stack. */
export function exceedsDepth(value: unknown, levels: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return false;
}
