import type { Json } from '@runledger/contracts';
import { SCHEMA_BOUNDS } from '@runledger/contracts';
import { pointerToPath } from './error-path.ts';
import { writtenOut } from './linear-regexp.ts';
import type { SchemaNode } from './schema-walk.ts';
import { childSchemas, walkSchema } from './schema-walk.ts';

type Counted = 'parts' | 'members' | 'required' | 'dependents' | 'patternCharacters' | 'patternSize';
type Count = [what: Counted, amount: number, keyword: string];

const NAMES: Record<Counted, string> = {
  parts: 'schemas inside it',
  members: 'members of enum',
  required: 'names in required',
  dependents: 'names that depend on others',
  patternCharacters: 'characters in patterns',
  patternSize: 'instructions in patterns; use fewer, or smaller counted repeats',
};

/**
 * Where a schema holds more than `SCHEMA_BOUNDS`, and of what; `null` where it does not. Takes time linear in the text and
 * stops at the first, whatever the value is: the meta-schema is applied later, as that compares members with one another.
 */
export function excessOf(schema: Record<string, Json>): [path: string, problem: string] | null {
  const counts = { parts: 1, members: 0, required: 0, dependents: 0, patternCharacters: 0, patternSize: 0 };
  for (const node of walkSchema(schema)) {
    const at = pointerToPath('inputSchema', node.pointer);
    for (const keyword of ['oneOf', 'anyOf', 'allOf']) {
      const branches = listLength(node.schema[keyword]);
      if (branches > SCHEMA_BOUNDS.branches)
        return [`${at}.${keyword}`, `has ${branches} branches; at most ${SCHEMA_BOUNDS.branches} are taken`];
    }
    for (const [what, amount, keyword] of countsOf(node)) {
      counts[what] += amount;
      if (counts[what] <= SCHEMA_BOUNDS[what]) continue;
      const path = keyword === '' ? at : `${at}.${keyword}`;
      return [path, `is too much: the whole schema may have ${SCHEMA_BOUNDS[what]} ${NAMES[what]}`];
    }
  }
  return null;
}

function* countsOf({ schema }: SchemaNode): Generator<Count> {
  yield ['parts', [...childSchemas(schema)].length, ''];
  yield ['members', listLength(schema.enum), 'enum'];
  yield ['required', listLength(schema.required), 'required'];
  for (const keyword of ['dependentRequired', 'dependencies'])
    for (const names of Object.values(Object(schema[keyword]))) yield ['dependents', listLength(names), keyword];
  const patterns = Object.keys(Object(schema.patternProperties)).map((text) => [text, 'patternProperties'] as const);
  for (const [text, keyword] of [...patterns, [schema.pattern, 'pattern'] as const]) {
    if (typeof text !== 'string') continue;
    yield ['patternCharacters', text.length, keyword];
    yield ['patternSize', writtenOut(text), keyword];
  }
}

function listLength(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
