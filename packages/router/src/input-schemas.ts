import type { Json } from '@runledger/contracts';
import { createSchemaRunner } from './schema-runner.ts';

/** What the router asks about the JSON Schemas that inputs must satisfy. Every question is on behalf of a user. */
export interface InputSchemas {
  /** Checks a schema when it is defined. @throws ExecutionError `schema_rejected`, `rate_limited` */
  check(schema: Record<string, Json>, userId: string): Promise<void>;
  /** Checks an input, which is never changed. @throws ExecutionError `input_rejected`, `schema_rejected`, `rate_limited` */
  validate(schema: Record<string, Json>, input: Json | null, userId: string): Promise<void>;
}

/**
 * Checks on the calling thread: enough where few users define workflows. A host of many gives a thread of its own, since a
 * schema may take 0.15 s and an input 0.7 s of everybody's time.
 *
 * @param options.maxBytes Largest schema, as JSON in UTF-8.
 */
export function createInThreadSchemas(options: { maxBytes: number }): InputSchemas {
  const runner = createSchemaRunner(options);
  return {
    check: async (schema) => runner.check(schema),
    validate: async (schema, input) => runner.validate(schema, input),
  };
}
