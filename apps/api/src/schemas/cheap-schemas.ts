import type { Json } from '@runledger/contracts';
import { createSchemaRunner } from '@runledger/router/schema-runner';
import { LRUCache } from 'lru-cache';

/** A schema, and an input, of more characters as JSON is checked by a thread. */
const SMALL = { schema: 2_000, input: 4_000 };
const CHEAP_MS = 5;
/** How often a thread has answered before a schema is compiled here: what is asked once or twice is not worth that. */
const ENOUGH_ANSWERS = 10;
/** Schemas that are kept here. */
const KEPT = 200;
/** What one check may work here, in milliseconds; what needs more, a thread is asked. */
const AT_ONCE = { ms: 5, steps: 10_000, errors: 100 };

/** Inputs that need no other thread: to hand one over takes longer than to check it. */
export interface CheapSchemas {
  /** Whether the input is known to satisfy the schema. `false`: a thread says whether, and why not. @param input With its JSON */
  satisfies(key: string, schema: Record<string, Json>, input: { value: Json | null; text: string }): boolean;
  /** A thread has answered. @param text The schema as JSON. @param workedMs How long it worked, to compile the schema too where it had not. */
  told(key: string, text: string, workedMs: number): void;
}

/**
 * @param options.maxBytes Largest schema, as JSON in UTF-8 bytes.
 * @param options.cheapMs What a thread works at most on a schema that is cheap, to compile it too. Default: 5 ms.
 */
export function createCheapSchemas({
  maxBytes,
  cheapMs = CHEAP_MS,
}: {
  maxBytes: number;
  cheapMs?: number | undefined;
}): CheapSchemas {
  const runner = createSchemaRunner({ maxBytes, kept: KEPT, toDecide: AT_ONCE });
  /** How often a thread has answered; negative where that was not cheap. */
  const answers = new LRUCache<string, number>({ max: KEPT });
  return {
    satisfies(key, schema, { value, text }) {
      if ((answers.get(key) ?? 0) < ENOUGH_ANSWERS) return false;
      if (text.length > SMALL.input) return false;
      try {
        return runner.satisfies(schema, value);
      } catch {
        return false;
      }
    },
    told(key, text, workedMs) {
      const isCheap = text.length <= SMALL.schema && workedMs <= cheapMs;
      answers.set(key, isCheap ? (answers.get(key) ?? 0) + 1 : Number.NEGATIVE_INFINITY);
    },
  };
}
