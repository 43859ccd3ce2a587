import type { QuotaUse } from './quota.ts';

/**
 * Everything that can go wrong, as one closed union. Every edge maps it by a table that is checked to be complete
 * (`satisfies Record<ExecutionErrorCode, …>`), so a new code does not compile until each edge has decided.
 */
export const EXECUTION_ERROR_CODES = [
  /** An argument has the wrong shape. `fields` says which and why. */
  'invalid_input',
  /** The input does not satisfy the workflow's JSON Schema. `fields` says where and why. */
  'input_rejected',
  /** A workflow's own JSON Schema is too large, refers to remote schemas, or has a pattern that cannot be bounded. */
  'schema_rejected',
  /** A payload is larger than the ledger or the engine takes. */
  'payload_too_large',
  /** A cursor that this list did not hand out. */
  'invalid_cursor',
  /** No bearer token, or one that is expired, forged or for somebody else's project. */
  'unauthenticated',
  /** The caller is known but may not do this; includes a user's Supabase client where the service role is needed. */
  'permission_denied',
  /** No such thing, or not the caller's. Both look the same on purpose. */
  'not_found',
  /** The user is not in `runledger.users`. */
  'unknown_user',
  /** It exists and belongs to somebody else, or an idempotency key was used with another input. */
  'conflict',
  /** The status cannot follow the present one. */
  'illegal_transition',
  /** The host does not list this namespace, type and task queue as startable, or the workflow is archived. */
  'not_startable',
  /** A limit that the operator has set is reached: of runs (`quota` says which and when it frees), or of definitions. */
  'quota_exceeded',
  /** Temporal refused the call for good. */
  'engine_refused',
  /** Temporal cannot be reached or did not answer in time. */
  'engine_unavailable',
  /** Temporal limits the rate or number of calls at the moment (RESOURCE_EXHAUSTED). */
  'engine_throttled',
  /** Postgres or its API cannot be reached or did not answer in time. */
  'ledger_unavailable',
  /** The database cancelled a statement that ran longer than it allows (statement_timeout). Ask for less at a time. */
  'took_too_long',
  /** The migrations are missing or older than this package, or the API does not expose the schema `runledger`. */
  'schema_outdated',
  /** A fault of ours. The cause is kept and logged, never shown. */
  'internal',
] as const;

export type ExecutionErrorCode = (typeof EXECUTION_ERROR_CODES)[number];

export interface ExecutionErrorOptions {
  cause?: unknown;
  /** Path of the offending field (`input.amount`) to what is wrong with it. */
  fields?: Record<string, string[]>;
  /** The limit that `quota_exceeded` is about. */
  quota?: QuotaUse;
}

/** The one error this project throws. The message says what happened, with what value, and what to do. */
export class ExecutionError extends Error {
  readonly code: ExecutionErrorCode;
  readonly fields: Record<string, string[]> | null;
  readonly quota: QuotaUse | null;

  constructor(code: ExecutionErrorCode, message: string, options: ExecutionErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ExecutionError';
    this.code = code;
    this.fields = options.fields ?? null;
    this.quota = options.quota ?? null;
  }
}

/** Recognises an ExecutionError across package copies and process borders, by its name and code. */
export function isExecutionError(error: unknown): error is ExecutionError {
  return (
    error instanceof Error &&
    error.name === 'ExecutionError' &&
    (EXECUTION_ERROR_CODES as readonly unknown[]).includes((error as { code?: unknown }).code)
  );
}
