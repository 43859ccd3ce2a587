import { ENGINE_PAYLOAD_BYTES } from '@runledger/contracts';

/** Bounds that a host may change. */
export interface Limits {
  /** Largest input of an execution, as JSON in UTF-8 bytes. */
  inputBytes: number;
  /** Largest metadata of an execution, as JSON in UTF-8 bytes: it is on every row of every list. */
  metadataBytes: number;
  /** Most keys and values of an execution's metadata, for the same reason: each is read, checked and written with every row. */
  metadataParts: number;
  /** Largest JSON Schema of a workflow, as JSON in UTF-8 bytes. */
  schemaBytes: number;
  /** Most definitions of workflows that a user may have, archived ones included. */
  workflowsPerUser: number;
  /**
   * How long the ledger may still start an execution that Temporal was not there for, in milliseconds. Well inside the
   * shortest retention (a day): once Temporal has forgotten the id, a second start would run the work twice.
   */
  startWithinMs: number;
  /** How long `system.health` waits for the database and for Temporal, in milliseconds. */
  healthMs: number;
  /**
   * How long a subscription stays open, in milliseconds. Its client comes back by itself and is identified anew: whoever lost
   * access meanwhile does not get in.
   */
  streamMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  inputBytes: ENGINE_PAYLOAD_BYTES,
  metadataBytes: 16_384,
  metadataParts: 500,
  schemaBytes: 32_768,
  workflowsPerUser: 1_000,
  startWithinMs: 3_600_000,
  healthMs: 2_000,
  streamMs: 10 * 60_000,
};

const known = new WeakMap<object, number>();

/** The size of a value as JSON in UTF-8 bytes. What came with a request, which nobody changes, is measured once. */
export function jsonBytes(value: unknown): number {
  const isObject = typeof value === 'object' && value !== null;
  const measured = isObject ? known.get(value) : undefined;
  if (measured !== undefined) return measured;
  const bytes = new TextEncoder().encode(JSON.stringify(value)).length;
  if (isObject) known.set(value, bytes);
  return bytes;
}
