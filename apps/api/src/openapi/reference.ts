import type { Descriptions } from './document.ts';
import type { ProcedureFacts } from './procedures.ts';

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  default?: unknown;
  description?: string;
}

const WORDS = { query: 'query', mutation: 'mutation', subscription: 'subscription' } as const;

/** The reference of all procedures, in Markdown. */
export function referenceText(procedures: readonly ProcedureFacts[], descriptions: Descriptions): string {
  const parts = procedures.map((procedure) => section(procedure, descriptions[procedure.path] ?? ''));
  return `# API reference

Every procedure of the API, made by \`npm run gen:api\` from the router; a test compares them. Over HTTP each is \`/trpc/<name>\`: queries are
\`GET\` with \`?input=<JSON>\`, mutations \`POST\` with a JSON body, and subscriptions server-sent events. \`/openapi.json\` has the same
as OpenAPI 3.1, with every field of every answer. Errors: [\`packages/client/README.md\`](../packages/client/README.md#errors).

${parts.join('\n')}`;
}

function section({ path, type, input, output }: ProcedureFacts, description: string): string {
  const fields = input ? rowsOf(input as Schema) : [];
  const table = fields.length ? `\nTakes:\n\n${fields.join('\n')}\n` : '';
  const answers = output ? `\nAnswers ${typeOf(output as Schema)}.\n` : '';
  return `## ${path}\n\n${description} (${WORDS[type]})\n${table}${answers}`;
}

function rowsOf(schema: Schema): string[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const needed = required.has(name) ? '' : field.default === undefined ? ', optional' : `, ${code(field.default)}`;
    return `- \`${name}\`: ${typeOf(field)}${needed}`;
  });
}

const code = (value: unknown) => `\`${JSON.stringify(value)}\``;

/** Short enough for a line: objects by the names of their fields. */
function typeOf(schema: Schema, depth = 0): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(' or ');
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return [...new Set(several.map((one) => typeOf(one, depth)))].join(' or ');
  if (schema.allOf) return schema.allOf.map((one) => typeOf(one, depth)).join(' with ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {}, depth + 1)}`;
  if (schema.type === 'object') return objectOf(schema, depth);
  if (Array.isArray(schema.type)) return schema.type.join(' or ');
  const format = schema.format ? ` (${schema.format})` : '';
  return `${schema.type ?? 'any JSON'}${format}`;
}

function objectOf({ properties = {} }: Schema, depth: number): string {
  const names = Object.keys(properties);
  if (names.length === 0) return 'object';
  return depth > 1 ? 'object' : `\`{ ${names.join(', ')} }\``;
}
