/** Work is bounded before it is done: whatever a procedure takes has a largest size, which its schema says. */
import { Json } from '@runledger/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { STARTABLE } from './fake-context.ts';
import { createAppRouter } from './root.ts';

/** Bounded in bytes by the procedure itself, as no schema of zod counts those: `Limits` says by what. */
const BY_BYTES = [
  'execution.createExecution.input',
  'execution.createExecution.metadata',
  'execution.createExecutions.executions[].input',
  'execution.createExecutions.executions[].metadata',
  'execution.rerunExecution.input',
  'execution.rerunExecution.metadata',
  'execution.rerunExecutions.input',
  'execution.rerunExecutions.metadata',
  'execution.signalExecution.input',
  'execution.signalExecutions.input',
  'workflow.create.inputSchema',
  'workflow.update.inputSchema',
];
/** Formats with one length. */
const FIXED = ['uuid'];

interface Def {
  type: string;
  innerType?: z.ZodType;
  element?: z.ZodType;
  in?: z.ZodType;
  left?: z.ZodType;
  right?: z.ZodType;
  options?: z.ZodType[];
  items?: z.ZodType[];
  shape?: Record<string, z.ZodType>;
  format?: string;
  checks?: z.core.$ZodCheck[];
}

/** Where in a schema something has no largest size. */
function* unboundedIn(schema: z.ZodType, path: string): Generator<string> {
  const def = schema._zod.def as unknown as Def;
  const most = def.checks?.find((check) => check._zod.def.check === 'max_length');
  switch (def.type) {
    case 'string':
      if (most === undefined && !FIXED.includes(def.format ?? '')) yield path;
      return;
    case 'array':
      if (most === undefined) yield path;
      yield* unboundedIn(def.element as z.ZodType, `${path}[]`);
      return;
    case 'object':
      for (const [key, inner] of Object.entries(def.shape ?? {})) yield* unboundedIn(inner, `${path}.${key}`);
      return;
    case 'union':
      for (const option of def.options ?? []) yield* unboundedIn(option, path);
      return;
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'default':
    case 'prefault':
      yield* unboundedIn(def.innerType as z.ZodType, path);
      return;
    case 'pipe':
      yield* unboundedIn(def.in as z.ZodType, path);
      return;
    case 'number':
    case 'boolean':
    case 'enum':
    case 'literal':
    case 'null':
      return;
    default:
      // Records, `Json`, and whatever a later procedure brings.
      yield path;
  }
}

test('every text, list and record that a procedure takes has a largest size', () => {
  const router = createAppRouter({ startable: STARTABLE });
  const found = Object.entries(router._def.procedures).flatMap(([path, procedure]) =>
    (procedure as unknown as { _def: { inputs: z.ZodType[] } })._def.inputs.flatMap((input) => [
      ...unboundedIn(input, path),
    ]),
  );
  expect(found.sort()).toEqual(BY_BYTES);
});

test('the walk finds each kind that has none', () => {
  const all = z.object({
    text: z.string().min(1),
    address: z.url(),
    texts: z.array(z.string().max(1)),
    inner: z.array(z.string()).max(3).default([]),
    record: z.record(z.string().max(3), z.number()),
    any: z.unknown().optional(),
    json: Json.nullish(),
    either: z.union([z.enum(['a']), z.object({ deep: z.string() })]),
    piped: z.string().transform((text) => text.length),
    fine: z.object({ id: z.uuid(), short: z.string().max(3), at: z.number(), many: z.array(z.uuid()).max(2) }),
  });
  const paths = ['text', 'address', 'texts', 'inner[]', 'record', 'any', 'json', 'either.deep', 'piped'];
  expect([...unboundedIn(all, 'p')]).toEqual(paths.map((path) => `p.${path}`));
});
