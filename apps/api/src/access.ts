import type { ExecutionErrorCode } from '@runledger/contracts';
import { ExecutionError, isExecutionError } from '@runledger/contracts';
import type { CurrentAccess } from '@runledger/execution-service';

/** What the database says of a token. */
export type Access = CurrentAccess;

const ENDED = {
  banned: 'This account is banned; ask the operator of this service.',
  deleted: 'The account of this token has been deleted.',
  signed_out: 'The session of this token has ended; sign in again.',
} as const satisfies Record<NonNullable<Access['ended']>, string>;

/**
 * The user of a verified token. What Supabase Auth knows of an account is about the tokens that it issued; a third party's
 * are good until they expire.
 * @throws ExecutionError `unauthenticated`
 */
export function requireAccess({ userId, ended }: Access, { isOfProject }: { isOfProject: boolean }): string {
  if (isOfProject && ended !== null) throw new ExecutionError('unauthenticated', ENDED[ended]);
  if (userId !== null) return userId;
  const nobody = 'The token is valid, but its user has left, or it names none.';
  throw new ExecutionError('unauthenticated', nobody);
}

/** Trouble that is not about the token that the database was asked with. */
const NOT_ABOUT_THE_TOKEN: readonly ExecutionErrorCode[] = [
  'ledger_unavailable',
  'took_too_long',
  'schema_outdated',
  'internal',
];

/**
 * What a caller learns when the database refuses to say who a token is: an unknown role, claims that it cannot read, a key
 * that its API does not know.
 */
export function toIdentityRefusal(error: unknown): unknown {
  if (!isExecutionError(error) || NOT_ABOUT_THE_TOKEN.includes(error.code)) return error;
  if (isUnknownSignature(error)) {
    const message = `The project's API does not accept a token whose signature is valid: ${error.message}`;
    const forCaller = 'The database does not know the key of this token yet; try again in a moment.';
    return new ExecutionError('ledger_unavailable', message, { cause: error, forCaller });
  }
  const forCaller = 'The database does not accept this token: its role or its claims are not those of a user.';
  return new ExecutionError('unauthenticated', forCaller, { cause: error, forCaller });
}

/** PostgREST's code for a signature that none of its keys verifies: it learns of a new key later than we do. */
export function isUnknownSignature(error: unknown): boolean {
  return isExecutionError(error) && (error.cause as { code?: unknown } | undefined)?.code === 'PGRST301';
}
