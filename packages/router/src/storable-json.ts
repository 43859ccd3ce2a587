import { ExecutionError } from '@runledger/contracts';

/** Deepest nesting of a request, in levels of objects and arrays. */
const DEEPEST = 128;

/**
 * Refuses what JSON can say and Postgres, Temporal or JavaScript cannot keep: NUL characters and halves of surrogate
 * pairs (no `text` or `jsonb` holds them), numbers beyond 1.8e308 (they arrive as Infinity and would become null),
 * keys named `__proto__`, and nesting that overflows stacks.
 * @throws ExecutionError `invalid_input` with the path.
 */
export function refuseUnstorable(value: unknown): void {
  const left: Place[] = [{ value, key: '', parent: null, depth: 0 }];
  for (let place = left.pop(); place; place = left.pop()) {
    const problem = problemOf(place.value);
    if (problem) refuse(place, problem);
    if (typeof place.value !== 'object' || place.value === null) continue;
    if (place.depth === DEEPEST) refuse(place, `is nested deeper than ${DEEPEST} levels`);
    for (const child of childrenOf(place, place.value)) {
      const keyProblem = child.key === '__proto__' ? 'is a key that is not taken' : problemOf(child.key);
      if (keyProblem) refuse(child, keyProblem);
      left.push(child);
    }
  }
}

/** A value in a request, with the way back to the top. */
interface Place {
  value: unknown;
  key: string | number;
  parent: Place | null;
  depth: number;
}

function childrenOf(parent: Place, value: object): Place[] {
  const depth = parent.depth + 1;
  if (Array.isArray(value)) return value.map((item, key) => ({ value: item, key, parent, depth }));
  return Object.entries(value).map(([key, item]) => ({ value: item, key, parent, depth }));
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

function problemOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'is a number beyond what JSON numbers can hold';
  if (typeof value !== 'string') return null;
  if (value.includes('\0')) return 'holds a NUL character, which Postgres cannot keep; remove it';
  return value.isWellFormed() ? null : 'holds half of a surrogate pair, which Postgres cannot keep; remove it';
}

function refuse(place: Place, problem: string): never {
  const keys: string[] = [];
  for (let at: Place = place; at.parent; at = at.parent) keys.unshift(showKey(at.key));
  const path = keys.join('.') || 'request';
  throw new ExecutionError('invalid_input', `${path} ${problem}.`, { fields: { [path]: [problem] } });
}

/** A key as it can be shown: it may itself be what is wrong. */
function showKey(key: string | number): string {
  return String(key).slice(0, 100).replaceAll('\0', '\\0').toWellFormed();
}
