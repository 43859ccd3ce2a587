/** Runs on a thread of its own: checks one schema, or one input against it, at a time. */
import { setPriority } from 'node:os';
import type { ExecutionErrorCode } from '@runledger/contracts';
import { isExecutionError } from '@runledger/contracts';
import { createSchemaRunner, workedMs } from '@runledger/router/schema-runner';

export interface SchemaTask {
  /** As JSON, which crosses to another thread several times faster than objects do. */
  schema: string;
  /** As JSON; `null`: only the schema is checked. */
  input: string | null;
  /** Largest schema, as JSON in UTF-8. */
  maxBytes: number;
}

/** Why it was refused: an error does not cross with its code. `null`: it was not. */
export type SchemaRefusal = {
  code: ExecutionErrorCode;
  message: string;
  fields: Record<string, string[]> | null;
} | null;

export interface SchemaAnswer {
  refusal: SchemaRefusal;
  /** How long this thread worked for it, in milliseconds. */
  workedMs: number;
}

/** Where cores are scarce, whoever waits for an answer comes before whoever defines schemas: a third of the others' share. */
const NICENESS = 5;
/** On Linux a priority is a thread's own; elsewhere it would be that of the whole process. */
if (process.platform === 'linux') setPriority(NICENESS);

/** A thread's first check compiles the checks' own code, which takes thirty times as long as a small schema: none is blamed for it. */
createSchemaRunner({ maxBytes: 1_000 }).validate(
  { properties: { amount: { type: 'number', minimum: 1 } } },
  { amount: 1 },
);

const runners = new Map<number, ReturnType<typeof createSchemaRunner>>();

export default function runSchemaTask(task: SchemaTask): SchemaAnswer {
  const before = workedMs();
  const refusal = check(task);
  return { refusal, workedMs: workedMs() - before };
}

function check({ schema, input, maxBytes }: SchemaTask): SchemaRefusal {
  const runner = runners.get(maxBytes) ?? createSchemaRunner({ maxBytes });
  runners.set(maxBytes, runner);
  try {
    if (input === null) runner.check(JSON.parse(schema));
    else runner.validate(JSON.parse(schema), JSON.parse(input));
    return null;
  } catch (error) {
    if (!isExecutionError(error)) throw error;
    const { code, message, fields } = error;
    return { code, message, fields };
  }
}
