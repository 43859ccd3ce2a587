import { readSession } from './session.ts';
import { readStoredScope, storeScope } from './stored.ts';

/** Whose executions the page shows. It stays so until the page is opened anew: everything that was read is of one scope. */
export const of: 'caller' | 'everyone' = readStoredScope(readSession());

export function chooseScope(next: 'caller' | 'everyone'): void {
  storeScope(next);
  location.reload();
}
