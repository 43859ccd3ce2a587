// The package as a whole wants a validator that compiles code, which nothing here uses.
import Form from '@rjsf/core/lib/components/Form.js';
import type { ErrorSchema, RJSFSchema, UiSchema } from '@rjsf/utils';
import { createValidator } from './validator.ts';

interface SchemaFormProps {
  schema: Record<string, unknown>;
  value: unknown;
  /** By path from the whole request: `input.quantity`. */
  errors: Record<string, string[]>;
  /** @param isValid As far as the browser can tell; the server checks again. */
  onChange: (value: unknown, isValid: boolean) => void;
}

const validator = createValidator();
const UI: UiSchema = { 'ui:submitButtonOptions': { norender: true }, 'ui:title': ' ' };

/** A form of a JSON Schema on the browser’s own inputs; what the server refuses is shown beside the field. */
export default function SchemaForm({ schema, value, errors, onChange }: SchemaFormProps) {
  return (
    <Form
      tagName="div"
      className="schema-form"
      schema={schema as RJSFSchema}
      uiSchema={UI}
      formData={value}
      validator={validator}
      // On leaving a field, what it says would move the button that is being pressed.
      liveValidate="onChange"
      showErrorList={false}
      extraErrors={nested(errors)}
      idPrefix="input"
      onChange={({ formData, errors }) => onChange(formData, errors.length === 0)}
    />
  );
}

/** `input.a.0.b` as the form nests its errors. */
function nested(errors: Record<string, string[]>): ErrorSchema {
  const root: Record<string, unknown> = {};
  for (const [path, messages] of Object.entries(errors)) {
    const [first, ...parts] = path.split('.');
    if (first !== 'input') continue;
    let at = root;
    for (const part of parts) {
      at[part] ??= {};
      at = at[part] as Record<string, unknown>;
    }
    // biome-ignore lint/complexity/useLiteralKeys: the form’s own name
    at['__errors'] = messages;
  }
  return root as ErrorSchema;
}
