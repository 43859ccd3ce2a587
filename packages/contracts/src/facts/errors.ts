/** What an error is at the edges. */
export interface ErrorFact {
  /** Status of the answer over HTTP. */
  http: number;
  /** Our SQL raises it as `PT<sql>` with the code as its detail; `null`: it never does. */
  sql: number | null;
  /** Whether a worker that reports an end may do better by trying again. */
  isRetried: boolean;
}

/**
 * Everything that can go wrong, as one closed union, with what each is at every edge. 503 says that trying again may help;
 * everything below 500 that it will not.
 */
export const ERRORS = {
  /** An argument has the wrong shape. `fields` says which and why. */
  invalid_input: { http: 400, sql: 400, isRetried: false },
  /** The input does not satisfy the workflow's JSON Schema. `fields` says where and why. */
  input_rejected: { http: 422, sql: null, isRetried: false },
  /** A workflow's own JSON Schema is too large, refers to remote schemas, or has a pattern that cannot be bounded. */
  schema_rejected: { http: 422, sql: null, isRetried: false },
  /** A payload is larger than the ledger or the engine takes. */
  payload_too_large: { http: 413, sql: null, isRetried: false },
  /** A cursor that this list did not hand out. */
  invalid_cursor: { http: 400, sql: null, isRetried: false },
  /** No bearer token, or one that is expired, forged or for somebody else's project. */
  unauthenticated: { http: 401, sql: null, isRetried: true },
  /** The caller is known but may not do this; includes a user's Supabase client where the service role is needed. */
  permission_denied: { http: 403, sql: 403, isRetried: false },
  /** No such thing, or not the caller's: both look the same on purpose. Retried: a row may come a moment after its workflow. */
  not_found: { http: 404, sql: 404, isRetried: true },
  /** The user is not in `runledger.users`. */
  unknown_user: { http: 403, sql: 409, isRetried: false },
  /** It exists and belongs to somebody else, or an idempotency key was used with another input. */
  conflict: { http: 409, sql: 409, isRetried: false },
  /** The status cannot follow the present one. */
  illegal_transition: { http: 409, sql: 409, isRetried: false },
  /** The host does not list this namespace, type and task queue as startable, or the workflow is archived. */
  not_startable: { http: 403, sql: 422, isRetried: false },
  /** A limit that the operator has set is reached: of runs (`quota` says which and when it frees), or of definitions. */
  quota_exceeded: { http: 429, sql: 429, isRetried: false },
  /** The caller asks for more at a time than this API lets one caller have. `limit` says of what and when it frees. */
  rate_limited: { http: 429, sql: null, isRetried: true },
  /** Temporal refused the call for good. */
  engine_refused: { http: 422, sql: null, isRetried: false },
  /** Temporal cannot be reached or did not answer in time. */
  engine_unavailable: { http: 503, sql: null, isRetried: true },
  /** Temporal limits the rate or number of calls at the moment (RESOURCE_EXHAUSTED). */
  engine_throttled: { http: 503, sql: null, isRetried: true },
  /** Postgres or its API cannot be reached or did not answer in time. */
  ledger_unavailable: { http: 503, sql: null, isRetried: true },
  /** The database cancelled a statement that ran longer than it allows (statement_timeout). Ask for less at a time. Retried: mostly it waited for a lock. */
  took_too_long: { http: 504, sql: null, isRetried: true },
  /** The migrations are missing or older than this package, or the API does not expose the schema `runledger`. */
  schema_outdated: { http: 503, sql: null, isRetried: true },
  /** A fault of ours. The cause is kept and logged, never shown. */
  internal: { http: 500, sql: null, isRetried: true },
} as const satisfies Record<string, ErrorFact>;

export type ExecutionErrorCode = keyof typeof ERRORS;
/** The statuses over HTTP that there are. */
export type ErrorStatus = (typeof ERRORS)[ExecutionErrorCode]['http'];

export const EXECUTION_ERROR_CODES = Object.keys(ERRORS) as ExecutionErrorCode[];
