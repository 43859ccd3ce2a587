import { isOperator } from './operator.ts';
import { readSession } from './session.ts';

const STORED = 'runledger.scope';

/** Operators look at everybody’s unless they chose their own; everybody else at their own. */
function readScope(): 'caller' | 'everyone' {
  return isOperator(readSession()) && localStorage.getItem(STORED) !== 'caller' ? 'everyone' : 'caller';
}

/** Whose executions the page shows. It stays so until the page is opened anew: everything that was read is of one scope. */
export const of: 'caller' | 'everyone' = readScope();

export function chooseScope(next: 'caller' | 'everyone'): void {
  localStorage.setItem(STORED, next);
  location.reload();
}
