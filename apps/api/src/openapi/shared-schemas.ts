type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isModel = (schema: Json) =>
  schema.type === 'object' && (isObject(schema.properties) || 'additionalProperties' in schema);

/**
 * Gives every object inside the schemas a name of its own, the same for the same object: generators of clients make a class of
 * each object, and fail where two that have no name would be called alike.
 */
export function nameObjects(schemas: Json): Json {
  const named = new Map<string, string>();
  const all: Json = {};
  const free = (name: string): string => {
    for (let n = 1; ; n += 1) {
      const candidate = n === 1 ? name : `${name}${n}`;
      if (!(candidate in all) && !(candidate in schemas)) return candidate;
    }
  };

  /** @param name Of the place that the schema is in; `isWhole`: it has that name itself. */
  function walk(schema: unknown, name: string, isWhole = false): unknown {
    if (Array.isArray(schema)) return schema.map((part) => walk(part, name));
    if (!isObject(schema)) return schema;
    const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, walkPart(key, value, name)]));
    if (isWhole || !isModel(schema)) return inner;
    const text = JSON.stringify(inner);
    const known = named.get(text) ?? free(name);
    if (!named.has(text)) all[known] = inner;
    named.set(text, known);
    return { $ref: `#/components/schemas/${known}` };
  }

  function walkPart(key: string, value: unknown, name: string): unknown {
    if (key === 'properties' && isObject(value))
      return Object.fromEntries(Object.entries(value).map(([part, of]) => [part, walk(of, `${name}.${part}`)]));
    if (key === 'items' || key === 'additionalProperties') return walk(value, `${name}.item`);
    // What belongs to one object is in its own schema.
    if (key === 'anyOf' || key === 'oneOf') return walk(value, name);
    if (key === 'allOf' && Array.isArray(value))
      return value.map((part) => (isObject(part) && isModel(part) ? walk(part, name, true) : walk(part, name)));
    return value;
  }

  for (const [name, schema] of Object.entries(schemas)) all[name] = walk(schema, name, true);
  return all;
}
