import type { Json } from '@runledger/contracts';
import type { Options, ValidateFunction } from 'ajv';
import { _, Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { compileLinear } from './linear-regexp.ts';
import { schemaDraft, withoutId } from './schema-check.ts';
import { formatCheck } from './schema-formats.ts';
import { walkSchema } from './schema-walk.ts';
import type { WorkBounds } from './work-bounds.ts';

const BOUND = 'x-runledger-bound';

/**
 * Compiles a checked schema. Every schema inside it counts as a step when it is applied, because schemas that refer to
 * one another can take exponential time and memory on a small input, and `anyOf` in `items` takes their product.
 *
 * Each schema has an Ajv of its own: Ajv keeps what it compiles for ever.
 */
export function compileSchema(
  schema: Record<string, Json>,
  { allErrors, bounds }: { allErrors: boolean; bounds: WorkBounds },
): ValidateFunction {
  const { $schema: _draft, ...copy } = structuredClone(withoutId(schema));
  const ajv = createAjv(schema, allErrors, bounds);
  for (const node of [...walkSchema(copy)]) {
    const { format } = node.schema;
    if (typeof format === 'string') ajv.addFormat(format, formatCheck(format));
    node.schema.$comment = BOUND;
    node.schema[BOUND] = true;
  }
  return ajv.compile(copy);
}

function createAjv(schema: Record<string, Json>, allErrors: boolean, bounds: WorkBounds): Ajv {
  const regExp = (pattern: string) => {
    const compiled = compileLinear(pattern);
    return {
      test(text: string) {
        bounds.look();
        return compiled.test(text);
      },
    };
  };
  regExp.code = 'compileLinear';
  const options: Options = {
    allErrors,
    // Keywords and references are checked already, and the meta-schema has been applied.
    strict: false,
    allowMatchingProperties: true,
    meta: false,
    validateSchema: false,
    logger: false,
    // Inlining copies a schema to each place that refers to it: 32 KB could become gigabytes of code.
    inlineRefs: false,
    // `required: ["toString"]` means a property of the input, not of Object.prototype.
    ownProperties: true,
    // Optimizing reads the whole code once for each name in it: three quarters of the time of compiling.
    code: { regExp, optimize: false },
    // Called before anything else, also where the type is wrong already; `BOUND` is not.
    $comment: () => bounds.step(),
  };
  const ajv = schemaDraft(schema) === 'draft-07' ? new Ajv(options) : new Ajv2020(options);
  const holds = { ref: bounds.holds };
  ajv.addKeyword({
    keyword: BOUND,
    before: '$ref',
    code: ({ gen }) => gen.code(_`${gen.scopeValue('func', holds)}(errors)`),
  });
  // Ajv's own compares every item with every other.
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: (wanted: boolean, items: Json[]) => !wanted || areUnique(items, bounds),
    error: { message: 'must not have equal items' },
  });
  return ajv;
}

function areUnique(items: Json[], bounds: WorkBounds): boolean {
  const seen = new Set<string>();
  for (const item of items) {
    const text = canonicalText(item, bounds);
    if (seen.has(text)) return false;
    seen.add(text);
  }
  return true;
}

/** Equal values, equal text: JSON with sorted keys. */
function canonicalText(value: Json, bounds: WorkBounds): string {
  bounds.step();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item, bounds)).join()}]`;
  const parts = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalText(value[key] as Json, bounds)}`);
  return `{${parts.join()}}`;
}
