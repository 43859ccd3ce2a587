import type { Schema } from '@cfworker/json-schema';
import { Validator } from '@cfworker/json-schema';
import type { RJSFSchema, RJSFValidationError, ValidatorType } from '@rjsf/utils';
import { toErrorSchema } from '@rjsf/utils';

/** Not faults of their own: they only say that something below them is wrong. */
const OUTER = new Set(['properties', 'items', 'allOf', '$ref', 'additionalProperties', 'if', 'then', 'else']);

/** Without compiling code from the schema, which the page’s policy forbids. The server checks again, and its word counts. */
export function createValidator(): ValidatorType {
  function errorsOf(schema: RJSFSchema, data: unknown): RJSFValidationError[] {
    const { errors } = new Validator(schema as Schema, '2020-12', false).validate(data);
    return errors
      .filter(({ keyword }) => !OUTER.has(keyword))
      .map(({ keyword, error, instanceLocation }) => {
        const path = instanceLocation.replace(/^#\/?/, '').replaceAll('/', '.');
        const missing = keyword === 'required' ? /"([^"]+)"/.exec(error)?.[1] : undefined;
        const property = [path, missing].filter(Boolean).join('.');
        const message = missing ? 'Has to be given' : sentence(error);
        return { name: keyword, message, property: property ? `.${property}` : '.', stack: message };
      });
  }
  return {
    validateFormData(data, schema) {
      const errors = errorsOf(schema, data);
      return { errors, errorSchema: toErrorSchema(errors) };
    },
    isValid(schema, data, root) {
      const { $defs, definitions } = root as RJSFSchema;
      try {
        return new Validator({ $defs, definitions, ...schema } as Schema, '2020-12').validate(data ?? null).valid;
      } catch {
        return false;
      }
    },
    rawValidation: (schema, data) => ({ errors: errorsOf(schema, data) as never[] }),
  };
}

const sentence = (text: string): string =>
  text.replace(/^(Instance|Property "[^"]*") /, '').replace(/^./, (first) => first.toUpperCase());
