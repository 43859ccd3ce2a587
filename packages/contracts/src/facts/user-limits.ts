/** What an API may limit: all but `unverified` per user. */
export const LIMIT_NAMES = [
  /** Calls, each of a batch counted. */
  'requests',
  /** Calls that change something, each of a batch counted. */
  'writes',
  /** Requests without a token, or with one that was not verified before, per address. */
  'unverified',
  /** Subscriptions open at a time. */
  'streams',
  /** Bytes of JSON that a user adds: inputs, metadata, definitions of workflows. */
  'storedBytes',
  /** Schemas and inputs that wait to be checked. */
  'schemaChecks',
] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];
