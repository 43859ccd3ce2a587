import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { Json } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import type { InputSchemas } from '@runledger/router';
import { DEFAULT_LIMITS } from '@runledger/router';
import { LRUCache } from 'lru-cache';
import { Tinypool } from 'tinypool';
import { createCheapSchemas } from './cheap-schemas.ts';
import { createFairTurns } from './fair-turns.ts';
import type { SchemaAnswer, SchemaRefusal, SchemaTask } from './schema-thread.ts';

/** One processor is left to the thread that answers requests, and two threads are enough for any number of users. */
const MOST_THREADS = 2;
/** What a user may have waiting: several full batches, as of a backend that starts for everybody by one token. */
const WAITING_PER_USER = 200;
const WAITING_IN_ALL = 1_000;
/**
 * How long a thread may take before it is ended, in milliseconds. The bounds of schemas and inputs allow 0.15 s and 0.7 s of
 * CPU; this is for what gets past them, or a machine that is far too busy.
 */
const DEADLINE_MS = 10_000;
/** Memory of a thread, in megabytes; one that needs more is ended. */
const THREAD_MB = 256;
const THREAD_IDLE_MS = 60_000;
/** Schemas whose answer is remembered, and for how long: a refusal for want of time may be owed to a busy machine. */
const KNOWN = { max: 2_000, ttl: 600_000 };

export interface ThreadedSchemas extends InputSchemas {
  /** Waits for checks that are under way; what comes later is refused. */
  close(): Promise<void>;
}

/**
 * Compiles schemas and checks inputs beside the thread that answers requests, one of a user at a time. A schema whose answer
 * is known costs its hash; small inputs by schemas that have shown that they are cheap are checked at once.
 *
 * @param options.maxBytes Largest schema, as JSON in UTF-8 bytes.
 * @param options.cheapMs See `createCheapSchemas`.
 */
export function createThreadedSchemas({
  maxBytes = DEFAULT_LIMITS.schemaBytes,
  deadlineMs = DEADLINE_MS,
  cheapMs,
}: {
  maxBytes?: number;
  deadlineMs?: number;
  cheapMs?: number;
} = {}): ThreadedSchemas {
  const threads = Math.min(MOST_THREADS, Math.max(availableParallelism() - 1, 1));
  const takeTurn = createFairTurns({
    name: 'schemaChecks',
    atOnce: threads,
    waitingPerKey: WAITING_PER_USER,
    waitingInAll: WAITING_IN_ALL,
  });
  const known = new LRUCache<string, { refusal: SchemaRefusal }>(KNOWN);
  let pool: Tinypool | null = null;
  let closed = false;
  const underWay = new Set<Promise<SchemaAnswer>>();
  const cheap = createCheapSchemas({ maxBytes, cheapMs });

  async function run(task: SchemaTask): Promise<SchemaAnswer> {
    if (closed)
      throw new ExecutionError(
        'took_too_long',
        'This API is stopping, and checks nothing more. Ask again in a moment.',
      );
    pool ??= new Tinypool({
      filename: new URL(`./schema-thread${extname(import.meta.url)}`, import.meta.url).href,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: THREAD_IDLE_MS,
      resourceLimits: { maxOldGenerationSizeMb: THREAD_MB },
    });
    const deadline = AbortSignal.timeout(deadlineMs);
    const check: Promise<SchemaAnswer> = pool.run(task, { signal: deadline });
    underWay.add(check);
    try {
      return await check;
    } catch (error) {
      if (deadline.aborted) return tooMuchFor(task, `took longer than ${deadlineMs / 1_000} s`);
      if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY')
        return tooMuchFor(task, 'took too much memory');
      throw error;
    } finally {
      underWay.delete(check);
    }
  }

  async function ask(schema: Record<string, Json>, input: Json | null | undefined, userId: string): Promise<void> {
    const text = JSON.stringify(schema);
    const key = createHash('sha256').update(text).digest('base64');
    const inputText = input === undefined ? null : JSON.stringify(input);
    if (input !== undefined && inputText !== null && cheap.satisfies(key, schema, { value: input, text: inputText }))
      return;
    const answer = () => {
      const found = known.get(key);
      return found && (found.refusal !== null || input === undefined) ? found : null;
    };
    const { refusal } =
      answer() ??
      (await takeTurn(userId, async () => {
        // What waited before may have been the same.
        const told = answer();
        if (told) return told;
        const task = { schema: text, input: inputText, maxBytes };
        const answered = await run(task);
        if (input !== undefined) cheap.told(key, text, answered.workedMs);
        return answered;
      }));
    if (refusal === null || refusal.code === 'schema_rejected') known.set(key, { refusal });
    if (refusal)
      throw new ExecutionError(refusal.code, refusal.message, refusal.fields ? { fields: refusal.fields } : {});
  }

  return {
    check: (schema, userId) => ask(schema, undefined, userId),
    validate: (schema, input, userId) => ask(schema, input, userId),
    async close() {
      closed = true;
      await Promise.allSettled(underWay);
      await pool?.destroy();
    },
  };
}

function tooMuchFor(task: SchemaTask, how: string): SchemaAnswer {
  return { refusal: refusedFor(task, how), workedMs: Number.POSITIVE_INFINITY };
}

function refusedFor({ input }: SchemaTask, how: string): SchemaRefusal {
  if (input === null) {
    const why = `${how}; simplify it`;
    const fields = { inputSchema: [why] };
    return { code: 'schema_rejected', message: `Checking the input schema ${why}.`, fields };
  }
  const why = `checking it against the workflow's schema ${how}; send less, or simplify the schema`;
  return { code: 'input_rejected', message: `The input was not checked: ${why}.`, fields: { input: [why] } };
}
