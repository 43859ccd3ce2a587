import { ERRORS, EXECUTION_ERROR_CODES, VERSION } from '@runledger/contracts';
import type { ProcedureFacts } from './procedures.ts';
import { REPORT_SCHEMAS, reportPath } from './report-path.ts';
import { nameObjects } from './shared-schemas.ts';

type Json = Record<string, unknown>;

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** What a procedure does, by its path. */
export type Descriptions = Readonly<Record<string, string>>;

/**
 * The HTTP interface as OpenAPI 3.1: tRPC's own requests, one path a procedure, which takes its input as its body; a query also
 * in the address, as JSON in the parameter `input`. An answer has its value in `result.data`.
 */
export function openApiDocument(procedures: readonly ProcedureFacts[], descriptions: Descriptions): Json {
  const schemas: Json = { Error: ERROR, ...REPORT_SCHEMAS };
  const paths: Json = {};
  for (const procedure of procedures) {
    const names = addSchemas(schemas, procedure);
    const of = (method: 'get' | 'post') => operation(procedure, descriptions[procedure.path], { ...names, method });
    const isQuery = procedure.type === 'query' && names.input !== null;
    paths[`/trpc/${procedure.path}`] = {
      ...(procedure.type === 'mutation' ? {} : { get: of('get') }),
      ...(procedure.type === 'mutation' || isQuery ? { post: of('post') } : {}),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Runledger',
      version: VERSION,
      description:
        'Executions of Temporal workflows, recorded once. Errors say their code in `error.data.executionCode`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: { ...paths, ...reportPath(ref, REFUSALS), ...EXPORTS },
    components: {
      schemas: nameObjects(schemas),
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
    security: [{ token: [] }],
  };
}

const ERROR = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['message', 'code', 'data'],
      properties: {
        message: { type: 'string' },
        code: { type: 'integer' },
        data: {
          type: 'object',
          required: ['executionCode', 'httpStatus'],
          properties: {
            executionCode: { enum: [...EXECUTION_ERROR_CODES, null] },
            httpStatus: { type: 'integer' },
            fields: { type: ['object', 'null'], additionalProperties: { type: 'array', items: { type: 'string' } } },
            requestId: { type: ['string', 'null'] },
          },
        },
      },
    },
  },
};

const STATUSES = [...new Set(Object.values(ERRORS).map(({ http }) => http))].sort();
const REFUSALS = Object.fromEntries(
  STATUSES.map((status) => {
    const codes = EXECUTION_ERROR_CODES.filter((code) => ERRORS[code].http === status).map((code) => `\`${code}\``);
    return [status, { description: codes.join(', '), content: { 'application/json': { schema: ref('Error') } } }];
  }),
);

interface SchemaNames {
  input: string | null;
  output: string | null;
}

interface Called extends SchemaNames {
  method: 'get' | 'post';
}

/** Adds a procedure's schemas under names of their own; what they refer to inside themselves becomes a schema beside them. */
function addSchemas(schemas: Json, { path, input, output }: ProcedureFacts): SchemaNames {
  const add = (schema: Json | null, role: string): string | null => {
    if (schema === null) return null;
    const name = `${path}.${role}`;
    const moved = JSON.stringify(schema)
      .replaceAll('"$ref":"#"', `"$ref":"#/components/schemas/${name}"`)
      .replaceAll('"#/$defs/', `"#/components/schemas/${name}.`);
    const { $defs = {}, ...whole } = JSON.parse(moved) as Json & { $defs?: Json };
    schemas[name] = whole;
    for (const [part, definition] of Object.entries($defs)) schemas[`${name}.${part}`] = definition;
    return name;
  };
  return { input: add(input, 'Input'), output: add(output, 'Output') };
}

function operation({ path, type }: ProcedureFacts, description: string | undefined, called: Called): Json {
  const [tag = ''] = path.split('.');
  const schema = called.input && ref(called.input);
  // Generators of clients know nothing of parameters that have content.
  const text = { type: 'string', contentMediaType: 'application/json', contentSchema: schema };
  const asked = !schema
    ? {}
    : called.method === 'post'
      ? { requestBody: { required: true, content: { 'application/json': { schema } } } }
      : { parameters: [{ name: 'input', in: 'query', description: 'JSON, percent-encoded.', schema: text }] };
  const isSecond = called.method === 'get' && type === 'query' && schema !== null;
  return {
    operationId: `${path.replace('.', '_')}${isSecond ? '_get' : ''}`,
    tags: [tag],
    ...(description ? { summary: description.split(/(?<=\.)\s/)[0], description } : {}),
    ...asked,
    responses: { 200: type === 'subscription' ? EVENTS : answer(called.output), ...REFUSALS },
    ...(path === 'system.health' ? { security: [] } : {}),
  };
}

const EVENTS = { description: 'Server-sent events.', content: { 'text/event-stream': { schema: { type: 'string' } } } };

function answer(output: string | null): Json {
  const result = { type: 'object', ...(output ? { required: ['data'], properties: { data: ref(output) } } : {}) };
  const schema = { type: 'object', required: ['result'], properties: { result } };
  return { description: 'The value is in result.data.', content: { 'application/json': { schema } } };
}

/** Whole lists, which are not tRPC's. Beside these parameters they take those of a filter. */
const EXPORTS = Object.fromEntries(
  [
    ['csv', 'text/csv'],
    ['ndjson', 'application/x-ndjson'],
  ].map(([format, type]) => [
    `/export.${format}`,
    {
      get: {
        operationId: `export_${format}`,
        tags: ['export'],
        summary: `The list of a filter, whole, as ${format?.toUpperCase()}.`,
        parameters: [
          ...['filter', 'status', 'from', 'to', 'orderBy', 'orderDirection', 'payloads', 'everyoneOf', 'of'].map(
            (name) => ({
              ...{ name, in: 'query', schema: { type: 'string' } },
            }),
          ),
        ],
        responses: {
          200: { description: 'A file.', content: { [type as string]: { schema: { type: 'string' } } } },
          ...REFUSALS,
        },
      },
    },
  ]),
);
