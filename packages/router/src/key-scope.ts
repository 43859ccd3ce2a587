import type { KeyScope } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import type { Caller } from './context.ts';

/** What a procedure says of itself. */
export interface ProcedureMeta {
  /** The scope that a key of a program needs for it; `null`: no key will do. Default: `read` for queries, none for mutations. */
  keyScope?: KeyScope | null;
  /** How many a call takes of the places that its user has. Default 1. */
  places?: number;
}

/** @throws ExecutionError `permission_denied` where a program's key lacks the scope, which it names */
export function requireKeyScope(
  { key }: Pick<Caller, 'key'>,
  { meta, type }: { meta: ProcedureMeta | undefined; type: 'query' | 'mutation' | 'subscription' },
): void {
  if (!key) return;
  const usual = type === 'mutation' ? null : 'read';
  const needed = meta?.keyScope === undefined ? usual : meta.keyScope;
  if (needed !== null && key.scopes.includes(needed)) return;
  const lacks = needed === null ? 'No key of a program may do this: sign in' : `It lacks the scope ${needed}`;
  throw new ExecutionError('permission_denied', `The key ${key.name} may ${key.scopes.join(', ')}. ${lacks}.`);
}
