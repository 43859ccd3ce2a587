/** Largest payload that a report or a caller's record keeps, in bytes of JSON: Temporal's own limit of one payload. */
export const REPORTED_PAYLOAD_BYTES = 2 * 1024 * 1024;
/**
 * Largest payload that is handed to Temporal with a start, or read from it at an end, in bytes of JSON: well below
 * Temporal's limit, as starts get slow before, and one call to the database carries the outputs of several executions.
 */
export const ENGINE_PAYLOAD_BYTES = 1_000_000;
/** Deepest nesting kept, in levels of objects and arrays: much deeper overflows the stack of Postgres' parser. */
export const STORABLE_DEPTH = 500;
/** Deepest nesting of a request over HTTP, in levels: shallower than what is kept, as every check walks through it. */
export const REQUEST_DEPTH = 128;

/** Longest error message kept, in characters; the database checks it. */
export const ERROR_MESSAGE_LIMIT = 4_000;
/** Longest stack trace kept, in characters. */
export const STACK_LIMIT = 16_000;
/** Largest details of a failure kept, in bytes of JSON. */
export const DETAILS_LIMIT_BYTES = 4_096;
/** Most failures kept of a chain of causes: the outermost half and the innermost half, the root cause among them. */
export const CAUSE_LIMIT = 10;
/** Longest workflow id, workflow type and task queue, in UTF-8 bytes: Temporal's `limit.maxIDLength`. */
export const TEMPORAL_ID_BYTES = 1_000;
/** Longest reason that a caller gives for a cancel, a termination or an end, in characters. */
export const REASON_LIMIT = 1_000;
/** Longest reason kept of a cancel that Temporal tells of, in characters: other clients than ours may say more. */
export const ENGINE_REASON_LIMIT = 2_000;
/** Most steps kept of one execution: the first and last half of them, and every failed one as far as there is room. */
export const TIMELINE_STEPS = 500;
/** Largest timeline kept, in bytes of JSON. */
export const TIMELINE_BYTES = 256_000;
/** Longest message of a step's failure, in characters. */
export const STEP_FAILURE_LIMIT = 4_000;
/** Longest verdict, in characters: it is a label that statistics group by. The database checks it. */
export const VERDICT_LIMIT = 100;

/** Most tags of an execution: each costs every list and the search by tags. The database checks it. */
export const TAG_COUNT = 50;
/** Longest tag, in characters. */
export const TAG_LIMIT = 200;
/** Longest id of a user, in characters. */
export const USER_ID_LIMIT = 255;

/** Longest idempotency key, in characters; the database checks it. */
export const IDEMPOTENCY_KEY_LIMIT = 255;
/** Longest name and longest description of a workflow definition, in characters; the database checks the name. */
export const DEFINITION_TEXT = { name: 200, description: 2_000 } as const;
/** Most definitions of one user, unless the host says otherwise: each is a row that lists go through. */
export const DEFINITIONS_PER_USER = 1_000;
/** Error types that a retry policy excludes: how many, and the longest, in characters. */
export const NON_RETRYABLE_TYPES = { count: 50, characters: 200 } as const;
/** Largest body of a request over HTTP, in bytes: twice the largest input of a start, for escapes and what stands beside it. */
export const REQUEST_BODY_BYTES = 2_000_000;
/**
 * Most keys and values of a request over HTTP, and most different keys: a megabyte of usual JSON has 180,000 and some hundred. With more,
 * parsing alone takes 60 to 130 ms (measured with 2 MB of empty arrays, and of different keys) of the one thread that answers everybody.
 */
export const REQUEST_VALUES = 250_000;
export const REQUEST_KEYS = 30_000;
/** Most executions of one page, and how many there are unless asked otherwise. */
export const PAGE = { most: 200, usual: 50, metadataBytes: 500_000 } as const;
/** Longest cursor, in characters: one of workflows holds a name of 200 characters. */
export const CURSOR_LIMIT = 2_000;
/** Text to search for, in characters: shorter has no trigram, longer is not a search. */
export const SEARCH_TEXT = { least: 3, most: 200 } as const;
/** Longest point in time, in characters: with nanoseconds and an offset it has 35. */
export const INSTANT_LIMIT = 40;
/** Most ids that a list is asked for at once. */
export const ID_COUNT = 100;
/** Most workflows that a list is filtered by: each is read by itself, in the list's order. */
export const FILTER_WORKFLOWS = 20;
/** Most users that a list is filtered by; as `FILTER_WORKFLOWS`. */
export const FILTER_USERS = 20;
/** Saved views: how many a user keeps, and the longest texts of one, in characters. */
export const VIEW = { most: 100, name: 100, columns: 50, column: 100, timeZone: 100 } as const;
/** Longest filter as text, in characters: a hundred ids of usual length, percent-encoded. */
export const FILTER_TEXT_LIMIT = 16_000;

/** Most executions that one call controls or makes. */
export const CONTROL_COUNT = 100;
/** Longest sentence about progress, in characters. The database checks it. */
export const PROGRESS_MESSAGE_LIMIT = 500;
/** Longest name of a signal, in characters. The database checks it. */
export const SIGNAL_NAME_LIMIT = 200;

/**
 * What the JSON Schema of a workflow may hold. Counted before anything is compiled, because compiling grows faster than the
 * text: the most expensive schema found within these takes 0.15 s of CPU, `allOf` of 1,000 parts in 29 KB took 3 s without them.
 */
export const SCHEMA_BOUNDS = {
  /** Schemas inside it, `true` and `false` included: `unevaluatedProperties` merges what each of them evaluates. */
  parts: 500,
  /** Of one `oneOf`, `anyOf` or `allOf`: a list of all countries has 249, and `oneOf` nests its branches in one another. */
  branches: 250,
  /** Of all `enum`s together: a value is compared with each; all time zones are some 600. */
  members: 1_000,
  /** In all `required` together. */
  required: 1_000,
  /** In all `dependentRequired` and lists in `dependencies` together: Ajv writes each list as one expression. */
  dependents: 250,
  /** Of all patterns together, in characters: a class like `\p{Lu}` that ignores case takes 0.2 ms to compile. */
  patternCharacters: 4_000,
  /** Of all patterns together, in RE2 instructions: `^[a-z0-9-]{1,64}$` has 131, and 10,000 compile in about 20 ms. */
  patternSize: 10_000,
  /** Deepest nesting, in levels of JSON. */
  levels: 64,
} as const;

/** Durations that a definition may ask of Temporal. */
export const DURATION_BOUNDS = {
  /**
   * A run that may take less than a second ends before a busy worker sees it; `0` would mean no limit to Temporal, for which
   * one leaves it out. Ten years outlast the ledger's own dates in every calculation.
   */
  timeout: { least: '1s', most: '3650d' },
  /** From the request to the first run: a year covers what is planned ahead. */
  startDelay: { least: '1s', most: '365d' },
  /** Between two attempts: ten new runs a second for one execution are the most that Temporal's history should bear. */
  retryInterval: { least: '100ms', most: '365d' },
} as const;

/**
 * How many attempts a retry policy may ask for, by its first interval in milliseconds; `null`: without end. What retries without
 * end at a short interval starts runs for ever, whoever pays for them. Intervals that grow (`RARE_RETRIES`) may go on.
 */
export const RETRY_ATTEMPTS = [
  { fromMs: 10_000, attempts: null },
  { fromMs: 1_000, attempts: 1_000 },
  { fromMs: 0, attempts: 100 },
] as const;
/**
 * Retries that become rare: the interval grows by this factor at least, up to this many milliseconds at least. From the shortest
 * first interval it has grown so far after twelve attempts.
 */
export const RARE_RETRIES = { coefficient: 1.5, intervalMs: 10_000 } as const;

/**
 * From here on a payload is large, in bytes of JSON: to parse, check or write it takes milliseconds of a thread. The same as in
 * `runledger_private.execution_document`.
 */
export const LARGE_BYTES = 100_000;
