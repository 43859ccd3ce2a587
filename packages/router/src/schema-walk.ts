import type { Json } from '@runledger/contracts';

type JsonObject = { [key: string]: Json };

/** Keywords by what their value holds, for draft 2020-12 and draft 7. Everything else in a schema is plain data. */
const ONE_SCHEMA = [
  'additionalItems',
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
];
const SCHEMA_LIST = ['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems'];
const SCHEMA_MAP = ['$defs', 'definitions', 'dependencies', 'dependentSchemas', 'patternProperties', 'properties'];
/** Applied to the very value the schema is applied to, so that a circle of these never ends. */
const IN_PLACE = ['allOf', 'anyOf', 'dependencies', 'dependentSchemas', 'else', 'if', 'not', 'oneOf', 'then'];
const PLAIN = [
  '$comment',
  '$ref',
  '$schema',
  'const',
  'contentEncoding',
  'contentMediaType',
  'default',
  'dependentRequired',
  'deprecated',
  'description',
  'enum',
  'examples',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'format',
  'maxContains',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'minContains',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
  'multipleOf',
  'pattern',
  'readOnly',
  'required',
  'title',
  'type',
  'uniqueItems',
  'writeOnly',
];
const KNOWN = [...ONE_SCHEMA, ...SCHEMA_LIST, ...SCHEMA_MAP, ...PLAIN];
const MISSING_IN = {
  'draft-07': [
    'dependentRequired',
    'dependentSchemas',
    'maxContains',
    'minContains',
    'prefixItems',
    'unevaluatedItems',
    'unevaluatedProperties',
  ],
  '2020-12': ['additionalItems'],
};

export type SchemaDraft = keyof typeof MISSING_IN;

/** One schema inside a schema. */
export interface SchemaNode {
  /** Where it is, as the JSON pointer that a `$ref` to it has: `#/properties/amount`. */
  pointer: string;
  schema: JsonObject;
  /** Pointers of the schemas that are applied to the same value as this one. */
  inPlace: string[];
}

/** Walks every schema inside a schema that the meta-schema accepts. What `const`, `enum`, `default` hold is not a schema. */
export function* walkSchema(schema: Json | undefined, pointer = '#'): Generator<SchemaNode> {
  if (!isObject(schema)) return;
  const inside = [...childSchemas(schema)];
  const inPlace = inside
    .filter(([path]) => IN_PLACE.includes(path[0] as string))
    .map(([path]) => `${pointer}${toPointer(path)}`);
  if (typeof schema.$ref === 'string') inPlace.push(normalRef(schema.$ref));
  yield { pointer, schema, inPlace };
  for (const [path, child] of inside) yield* walkSchema(child, `${pointer}${toPointer(path)}`);
}

/** The keywords of one schema that its draft does not know. `x-…` is free for notes. */
export function unknownKeywords(schema: JsonObject, draft: SchemaDraft): string[] {
  const known = KNOWN.filter((key) => !MISSING_IN[draft].includes(key));
  return Object.keys(schema).filter((key) => !known.includes(key) && !key.startsWith('x-'));
}

/** A `$ref` in the spelling of `SchemaNode.pointer`, so that the two compare. */
export function normalRef(ref: string): string {
  try {
    return decodeURIComponent(ref);
  } catch {
    return ref;
  }
}

/** The schemas directly inside one, `true` and `false` included. */
export function* childSchemas(schema: JsonObject): Generator<[path: string[], child: Json]> {
  for (const [key, value] of Object.entries(schema)) {
    if (ONE_SCHEMA.includes(key) && !Array.isArray(value)) yield [[key], value];
    else if (SCHEMA_LIST.includes(key) && Array.isArray(value))
      for (const [index, child] of value.entries()) yield [[key, String(index)], child];
    else if (SCHEMA_MAP.includes(key) && isObject(value))
      for (const [name, child] of Object.entries(value)) yield [[key, name], child];
  }
}

function toPointer(path: string[]): string {
  return path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
