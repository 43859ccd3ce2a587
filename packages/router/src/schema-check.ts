import type { Json } from '@runledger/contracts';
import { ExecutionError, SCHEMA_BOUNDS } from '@runledger/contracts';
import type { AnySchemaObject, ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { pointerToPath } from './error-path.ts';
import { compileLinear } from './linear-regexp.ts';
import { excessOf } from './schema-bounds.ts';
import type { SchemaDraft, SchemaNode } from './schema-walk.ts';
import { normalRef, unknownKeywords, walkSchema } from './schema-walk.ts';
import { exceedsDepth } from './storable-json.ts';

const PROBLEMS_TOLD = 20;

const DRAFTS: Record<string, SchemaDraft> = {
  'https://json-schema.org/draft/2020-12/schema': '2020-12',
  'http://json-schema.org/draft-07/schema': 'draft-07',
};

/** The draft that a schema says it is written in; 2020-12 where it says nothing, `undefined` for any other. */
export function schemaDraft(schema: Record<string, Json>): SchemaDraft | undefined {
  if (schema.$schema === undefined) return '2020-12';
  return typeof schema.$schema === 'string' ? DRAFTS[schema.$schema.replace(/#$/, '')] : undefined;
}

/**
 * Checks that a workflow's input schema is one we can run: a valid schema of draft 2020-12 or 7, of bounded size and
 * depth, that refers to nothing but itself, never in a circle, with patterns that run in linear time.
 * @throws ExecutionError `schema_rejected` that says where and why.
 */
export function checkSchema(schema: Record<string, Json>, maxBytes: number): void {
  const { levels } = SCHEMA_BOUNDS;
  if (exceedsDepth(schema, levels)) reject({ inputSchema: [`is nested deeper than ${levels} levels`] });
  const bytes = new TextEncoder().encode(JSON.stringify(schema)).length;
  if (bytes > maxBytes) reject({ inputSchema: [`has ${bytes} bytes; at most ${maxBytes} are taken`] });
  const draft = schemaDraft(schema);
  if (draft === undefined)
    reject({ 'inputSchema.$schema': [`is not a supported draft; use one of ${Object.keys(DRAFTS).join(', ')}`] });
  const excess = excessOf(withoutId(schema));
  if (excess) reject({ [excess[0]]: [excess[1]] });
  checkAgainstMetaSchema(schema, draft);
  const nodes = [...walkSchema(withoutId(schema))];
  const pointers = new Map(nodes.map((node) => [node.pointer, node]));
  const problems = nodes.flatMap((node) => [...keywordProblems(node, draft, pointers)]);
  problems.push(...patternProblems(nodes));
  if (problems.length > 0) reject(Object.fromEntries(problems.slice(0, PROBLEMS_TOLD)));
  const circle = findCircle(pointers);
  if (circle) reject({ [pointerToPath('inputSchema', circle)]: ['applies itself to the same value without end'] });
}

/** The `$id` of the whole schema is its name and does no harm; deeper ones would change what a `$ref` means. */
export function withoutId({ $id: _, ...schema }: Record<string, Json>): Record<string, Json> {
  return schema;
}

type Problem = [path: string, problems: string[]];

function* keywordProblems(
  { pointer, schema }: SchemaNode,
  draft: SchemaDraft,
  pointers: Map<string, SchemaNode>,
): Generator<Problem> {
  const at = (key: string) => `${pointerToPath('inputSchema', pointer)}.${key}`;
  for (const key of unknownKeywords(schema, draft))
    yield [at(key), [`is not taken: use the keywords of JSON Schema ${draft}, and x-… for notes`]];
  if (typeof schema.$ref === 'string' && !pointers.has(normalRef(schema.$ref)))
    yield [at('$ref'), ['must refer to a schema inside this one, like #/$defs/Address']];
}

function* patternProblems(nodes: SchemaNode[]): Generator<Problem> {
  let size = 0;
  for (const { path, pattern } of nodes.flatMap(patternsOf)) {
    try {
      size += compileLinear(pattern).size;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const remedy = 'use no lookaround, no back-reference, repeats up to 1000';
      yield [path, [`cannot be run in linear time (${why}); ${remedy}`]];
    }
    if (size <= SCHEMA_BOUNDS.patternSize) continue;
    yield [path, ['is one pattern too many: together they are too large; use fewer, or smaller counted repeats']];
    return;
  }
}

function patternsOf({ pointer, schema }: SchemaNode): { path: string; pattern: string }[] {
  const at = pointerToPath('inputSchema', pointer);
  const keys = Object.keys((schema.patternProperties as object | undefined) ?? {});
  const found = keys.map((pattern) => ({ path: `${at}.patternProperties.${pattern}`, pattern }));
  if (typeof schema.pattern === 'string') found.push({ path: `${at}.pattern`, pattern: schema.pattern });
  return found;
}

/** A schema from which a circle of in-place applications starts, by depth-first search. */
function findCircle(nodes: Map<string, SchemaNode>): string | null {
  const done = new Map<string, boolean>();
  const visit = (pointer: string): string | null => {
    const seen = done.get(pointer);
    if (seen !== undefined) return seen ? null : pointer;
    done.set(pointer, false);
    for (const next of nodes.get(pointer)?.inPlace ?? []) {
      const found = visit(next);
      if (found) return found;
    }
    done.set(pointer, true);
    return null;
  };
  for (const pointer of nodes.keys()) {
    const found = visit(pointer);
    if (found) return found;
  }
  return null;
}

const metaSchemas = new Map<SchemaDraft, ValidateFunction>();

function checkAgainstMetaSchema(schema: AnySchemaObject, draft: SchemaDraft): void {
  const meets = metaSchemas.get(draft) ?? compileMetaSchema(draft);
  metaSchemas.set(draft, meets);
  if (meets(schema)) return;
  const fields = new Map<string, string[]>();
  for (const { instancePath, message = 'is not valid' } of (meets.errors ?? []).slice(0, PROBLEMS_TOLD)) {
    const path = pointerToPath('inputSchema', instancePath);
    fields.set(path, [...(fields.get(path) ?? []), message]);
  }
  reject(Object.fromEntries(fields));
}

function compileMetaSchema(draft: SchemaDraft): ValidateFunction {
  const options = { strict: false, validateFormats: false, logger: false } as const;
  const ajv = draft === 'draft-07' ? new Ajv(options) : new Ajv2020(options);
  const id = Object.keys(DRAFTS).find((key) => DRAFTS[key] === draft) as string;
  return ajv.getSchema(id) as ValidateFunction;
}

function reject(fields: Record<string, string[]>): never {
  const [path, problems] = Object.entries(fields)[0] as [string, string[]];
  throw new ExecutionError('schema_rejected', `The input schema cannot be used: ${path} ${problems[0]}.`, { fields });
}
