import type { Json } from '@runledger/contracts';
import { ExecutionError, isExecutionError } from '@runledger/contracts';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { pointerToPath } from './error-path.ts';
import { TextTooLong } from './linear-regexp.ts';
import { checkSchema } from './schema-check.ts';
import { compileSchema } from './schema-compile.ts';
import type { WorkLimits } from './work-bounds.ts';
import { createWorkBounds, TooMuchWork } from './work-bounds.ts';

export { workedMs } from './work-bounds.ts';

type Schema = Record<string, Json>;

/** Checking one input may hold up the event loop for so long; a usual megabyte takes 50 ms. */
const TO_DECIDE = { ms: 500, steps: Number.POSITIVE_INFINITY, errors: 2_000 };
/** What may be spent on finding the other errors after the first. */
const TO_TELL_MORE = { ms: 200, steps: 20_000, errors: 2_000 };
const ERRORS_TOLD = 20;
const KEPT = 100;

/**
 * Checks JSON Schemas, and inputs against them, on the thread that calls it. Users write the schemas, so everything about
 * them is bounded; what is refused is remembered like what is compiled, so that a repeat costs nothing.
 */
export interface SchemaRunner {
  /** Checks a schema when it is defined. @throws ExecutionError `schema_rejected` */
  check(schema: Schema): void;
  /**
   * Checks an input; it is never changed, so `default` fills nothing in.
   * @throws ExecutionError `input_rejected` with the first 20 fields that are wrong, and why; `schema_rejected` when the
   * schema, written past this API, is not one we can run.
   */
  validate(schema: Schema, input: Json | null): void;
  /** Whether an input satisfies a schema, without finding out why it does not. @throws as `validate`, where it was not found out */
  satisfies(schema: Schema, input: Json | null): boolean;
}

interface Validator {
  isSatisfied(input: Json | null): boolean;
  /** What is wrong with an input that does not satisfy it, called right after that was found out. */
  errors(input: Json | null): ErrorObject[];
}

export interface SchemaRunnerOptions {
  /** Largest schema, as JSON in UTF-8. */
  maxBytes: number;
  /** Schemas whose answer is kept, the least recently used one given up first. Default: 100. */
  kept?: number;
  /** What may be spent on finding out whether an input satisfies a schema. Default: 0.5 s of work. */
  toDecide?: WorkLimits;
}

export function createSchemaRunner({ maxBytes, kept = KEPT, toDecide = TO_DECIDE }: SchemaRunnerOptions): SchemaRunner {
  // Keyed by the schema's text: there is no hash that could collide.
  const seen = new Map<string, Validator | ExecutionError>();
  const look = (schema: Schema): Validator | ExecutionError => {
    try {
      return createValidator(schema, { maxBytes, toDecide });
    } catch (error) {
      if (isExecutionError(error)) return error;
      throw error;
    }
  };
  const validatorFor = (schema: Schema): Validator => {
    const key = JSON.stringify(schema);
    const found = seen.get(key) ?? look(schema);
    seen.delete(key);
    // A refusal says what is wrong with any text; what is too long to be kept is cheap to refuse again.
    if (key.length <= maxBytes) seen.set(key, found);
    for (const oldest of seen.keys()) {
      if (seen.size <= kept) break;
      seen.delete(oldest);
    }
    if (isExecutionError(found)) throw found;
    return found;
  };
  return {
    check: (schema) => void validatorFor(schema),
    validate(schema, input) {
      const validator = validatorFor(schema);
      if (!validator.isSatisfied(input)) throw inputRejected(validator.errors(input));
    },
    satisfies: (schema, input) => validatorFor(schema).isSatisfied(input),
  };
}

function createValidator(
  schema: Schema,
  { maxBytes, toDecide }: Required<Pick<SchemaRunnerOptions, 'maxBytes' | 'toDecide'>>,
): Validator {
  checkSchema(schema, maxBytes);
  const deciding = createWorkBounds(toDecide);
  const findFirst = compile(schema, { allErrors: false, bounds: deciding });
  const telling = createWorkBounds(TO_TELL_MORE);
  let findAll: ValidateFunction | null = null;
  return {
    isSatisfied(input) {
      deciding.start();
      return isSatisfied(findFirst, input);
    },
    errors(input) {
      const first = findFirst.errors ?? [];
      findAll ??= compile(schema, { allErrors: true, bounds: telling });
      telling.start();
      try {
        findAll(input);
        return findAll.errors ?? first;
      } catch {
        return first;
      }
    },
  };
}

function compile(...args: Parameters<typeof compileSchema>): ValidateFunction {
  try {
    return compileSchema(...args);
  } catch (cause) {
    const tooDeep = cause instanceof RangeError && 'its schemas refer to one another in too long a chain';
    const why = tooDeep || (cause instanceof Error ? cause.message : String(cause));
    throw new ExecutionError('schema_rejected', `The input schema cannot be compiled: ${why}.`, {
      cause,
      fields: { inputSchema: [why] },
    });
  }
}

function isSatisfied(validate: ValidateFunction, input: Json | null): boolean {
  try {
    return validate(input);
  } catch (cause) {
    const why = whyUnchecked(cause);
    if (why === null) throw cause;
    throw new ExecutionError('input_rejected', `The input was not checked: ${why}.`, {
      cause,
      fields: { input: [why] },
    });
  }
}

function whyUnchecked(cause: unknown): string | null {
  if (cause instanceof TextTooLong) return cause.message;
  // Schemas that apply one another on a deeply nested input overflow the stack.
  const how = cause instanceof RangeError ? 'went too deep' : cause instanceof TooMuchWork && cause.message;
  return how ? `checking it against the workflow's schema ${how}; send less, or simplify the schema` : null;
}

function inputRejected(errors: ErrorObject[]): ExecutionError {
  const fields = new Map<string, string[]>();
  for (const error of errors.slice(0, ERRORS_TOLD)) {
    const [path, message] = describe(error);
    const said = fields.get(path) ?? [];
    if (!said.includes(message)) fields.set(path, [...said, message]);
  }
  const [path, messages] = [...fields][0] as [string, string[]];
  return new ExecutionError(
    'input_rejected',
    `The input does not satisfy the workflow's schema: ${path} ${messages[0]}.`,
    { fields: Object.fromEntries(fields) },
  );
}

/** Which field an error of Ajv is about, and why, in words for whoever filled the field in. */
function describe({
  keyword,
  instancePath,
  params,
  message = 'is not valid',
}: ErrorObject): [path: string, message: string] {
  const path = pointerToPath('input', instancePath);
  switch (keyword) {
    case 'required':
      return [`${path}.${params.missingProperty}`, 'is required'];
    case 'additionalProperties':
      return [`${path}.${params.additionalProperty}`, 'is not expected'];
    case 'unevaluatedProperties':
      return [`${path}.${params.unevaluatedProperty}`, 'is not expected'];
    case 'enum':
      return [
        path,
        `must be one of ${shorten(params.allowedValues.map((value: Json) => JSON.stringify(value)).join(', '))}`,
      ];
    case 'const':
      return [path, `must be ${shorten(JSON.stringify(params.allowedValue))}`];
    default:
      return [path, shorten(message)];
  }
}

function shorten(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
