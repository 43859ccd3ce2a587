import { ERRORS, ExecutionError, isExecutionError, issuesSentence, VERSION } from '@runledger/contracts';
import type { AppRouter, Context as CallContext } from '@runledger/router';
import { createCallerFactory, toErrorBody, toExecutionError } from '@runledger/router';
import type { Context } from 'hono';
import type { ReadBody } from '../body-check.ts';
import type { ApiParts } from '../context.ts';
import { createContext } from '../context.ts';
import { retryAfter } from '../limits/retry-after.ts';
import type { Counted } from '../limits/uncounted.ts';
import { proceduresOf } from '../openapi/procedures.ts';
import { readMessages } from './read-messages.ts';
import type { McpMode, Tool } from './tools.ts';
import { toolsOf } from './tools.ts';

type Request = Context<{ Variables: { requestId: string; gone: AbortSignal } & Counted }>;

/**
 * Answers `POST /mcp`: the procedures that an agent may call, as tools of the Model Context Protocol. The bearer token is the
 * scope, and each message counts for its user like any call. Without sessions, so that any process answers any request.
 */
export function createMcp(parts: ApiParts, router: AppRouter, { mode, read }: { mode: McpMode; read: ReadBody }) {
  const tools = toolsOf(mode, proceduresOf(router));
  return async (c: Request): Promise<Response> => {
    const requestId = c.get('requestId');
    if (c.req.raw.method !== 'POST') return c.body(null, 405, { allow: 'POST' });
    const context = await createContext(parts, {
      authorization: c.req.header('authorization'),
      requestId,
      limits: c.get('limits'),
    });
    const refuse = (error: ExecutionError, headers: Record<string, string> = {}) =>
      c.json(toErrorBody(error, requestId), ERRORS[error.code].http, { ...retryAfter([error]), ...headers });
    const { caller, callerProblem } = context;
    if (caller === null) {
      const why = toExecutionError(callerProblem ?? (await whyNobody(router, context)));
      return refuse(why, { 'www-authenticate': 'Bearer' });
    }
    try {
      const { body, others } = await readMessages({ url: c.req.url, text: await c.req.text() }, { tools, read });
      // Each message counts, calls of tools by themselves.
      if (others > 0) await context.limits?.take('requests', caller.userId, others);
      // Looked at in the text of the request.
      const whole = { ...context, gone: c.get('gone'), numbersChecked: true };
      return await answer({ request: c.req.raw, body }, tools, (path, input) => call(router, whole, { path, input }));
    } catch (thrown) {
      if (!isExecutionError(thrown)) throw thrown;
      return refuse(thrown);
    }
  };
}

/** What the router says to who sends no token. */
const whyNobody = (router: AppRouter, context: CallContext) =>
  createCallerFactory(router)(context)
    .execution.getRunCount()
    .catch((error: unknown) => error);

type CallTool = (path: string, input: unknown) => Promise<unknown>;

async function call(router: AppRouter, context: CallContext, { path, input }: { path: string; input: unknown }) {
  const [group = '', name = ''] = path.split('.');
  const caller = createCallerFactory(router)(context) as unknown as Record<
    string,
    Record<string, (i: unknown) => unknown>
  >;
  return caller[group]?.[name]?.(input);
}

/** One request of the protocol. Its library is loaded with the first: most hosts are never asked. */
async function answer(
  { request, body }: { request: globalThis.Request; body: unknown },
  tools: readonly Tool[],
  callTool: CallTool,
): Promise<Response> {
  const [
    { Server },
    { WebStandardStreamableHTTPServerTransport },
    { CallToolRequestSchema, InitializeRequestSchema, ListToolsRequestSchema },
  ] = await Promise.all([
    import('@modelcontextprotocol/sdk/server/index.js'),
    import('@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'),
    import('@modelcontextprotocol/sdk/types.js'),
  ]);
  // The library would answer with the words of its parser.
  for (const message of [body].flat())
    for (const schema of [CallToolRequestSchema, InitializeRequestSchema, ListToolsRequestSchema]) {
      if ((message as { method?: unknown } | null)?.method !== schema.shape.method.value) continue;
      const { error } = schema.safeParse(message);
      if (error) throw new ExecutionError('invalid_input', issuesSentence(error));
    }
  const server = new Server({ name: 'runledger', version: VERSION }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(({ path: _, ...tool }) => tool) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (!tool) return refusal(`There is no tool ${params.name.slice(0, 100)}.`);
    try {
      return {
        content: [{ type: 'text' as const, text: JSON.stringify(await callTool(tool.path, params.arguments)) }],
      };
    } catch (error) {
      const { message, data } = toErrorBody(toExecutionError(error), null).error;
      return refusal(`${data.executionCode}: ${message}`);
    }
  });
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  await server.connect(transport as Parameters<typeof server.connect>[0]);
  try {
    return await transport.handleRequest(request, { parsedBody: body });
  } finally {
    await server.close();
  }
}

const refusal = (text: string) => ({ isError: true, content: [{ type: 'text' as const, text }] });
