import { breathe } from '@runledger/contracts';
import type { AnyRouter } from '@trpc/server';
import { calledProcedures } from './called-procedures.ts';

/** Answers a request as tRPC's handler for `fetch` does. */
export type Answer = (request: Request) => Promise<Response>;

/**
 * Answers a batch call by call, and puts the answers together as tRPC would have: it writes all of them in one piece, which for
 * twenty of two megabytes keeps everybody else waiting for a third of a second. Anything but a batch that waits for all of its calls
 * is answered as it is, also what tRPC refuses as a whole.
 * @param most Calls of a batch that are taken.
 * @param onSending Told of what is sent in parts, and whether that is known as a whole already: its promise resolves once all is sent,
 *   or its reader has gone.
 */
export async function answerBatch(
  request: Request,
  { most, router, onSending }: { most: number; router: AnyRouter; onSending?: OnSending },
  answer: Answer,
): Promise<Response> {
  const url = new URL(request.url);
  const calls = calledProcedures(request.url) ?? [];
  const isBatch = url.searchParams.get('batch') === '1' && calls.length > 1 && calls.length <= most;
  const isUsual = request.method === 'GET' || request.method === 'POST';
  if (isStreamed(request)) return untilSent(await answer(request), request.signal, onSending);
  if (!isBatch || !isUsual || areMixed(router, calls)) return answer(request);
  const body = request.method === 'POST' ? request.json() : undefined;
  const inputs = await inputsOf(url, body);
  // tRPC refuses anything else in its own words.
  if (inputs === null) return answer(body ? withJson(request, () => body) : request);
  const answers = await Promise.all(calls.map((_, n) => answer(callOf(request, { url, calls, inputs, n }))));
  // Read before their bodies are: the `Response` of Hono's server knows the type of a text from then on only.
  const inits = answers.map(({ status, headers }) => ({ status, headers }));
  const bodies = await Promise.all(answers.map(async (one) => Buffer.from(await one.arrayBuffer())));
  // As is what was refused before it was taken for a batch.
  const refused = bodies.findIndex((one) => one[0] !== OPEN[0]);
  if (refused !== -1) return new Response(String(bodies[refused]), inits[refused]);
  const init = { status: statusOf(answers), headers: headersOf(answers) };
  const bytes = bodies.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (bytes < IN_PARTS_BYTES) return new Response(Buffer.concat([...parts(bodies)]), init);
  const end = endOf(request.signal, (sent) => onSending?.(sent, true));
  init.headers.set('transfer-encoding', 'chunked');
  return new Response(oneAfterTheOther(bodies, end), init);
}

type OnSending = (sent: Promise<void>, isWhole: boolean) => void;

/** An answer that begins before its calls have been answered, and is under way until it has been read. */
function untilSent(answer: Response, signal: AbortSignal, onSending?: OnSending): Response {
  if (!answer.body || !onSending) return answer;
  const end = endOf(signal, (sent) => onSending(sent, false));
  return new Response(answer.body.pipeThrough(new TransformStream({ flush: end, cancel: end })), answer);
}

/** What is to be called once all has been read, or nobody reads it any more. */
function endOf(signal: AbortSignal, told: (sent: Promise<void>) => void): () => void {
  const { promise: sent, resolve } = Promise.withResolvers<void>();
  told(sent);
  // A server may drop what nobody is there to read.
  if (signal.aborted) resolve();
  else signal.addEventListener('abort', () => resolve(), { once: true });
  return resolve;
}

/** From here on the answers to a batch are sent one after the other: they may have 40 MB, which take 0.3 s to copy. */
const IN_PARTS_BYTES = 1_000_000;

/** @param end Called when all has been read, or nobody reads it any more, even where nobody ever did. */
function oneAfterTheOther(bodies: Buffer[], end: () => void): ReadableStream<Uint8Array> {
  const left = inSlices(parts(bodies));
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value } = left.next();
        if (value === undefined) {
          controller.close();
          return end();
        }
        await breathe(value.byteLength);
        controller.enqueue(value);
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}

/** What is handed on at once: to write a megabyte to a socket, or to a compressor, takes several milliseconds. */
const SLICE_BYTES = 128 * 1024;

function* inSlices(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += SLICE_BYTES) yield piece.subarray(at, at + SLICE_BYTES);
}

/** Whether its answers are sent as they come, by a protocol of tRPC's. */
const isStreamed = ({ headers }: Request) =>
  ['trpc-accept', 'accept'].some((name) => headers.get(name)?.includes('application/jsonl'));

/** Queries and mutations are not taken in one batch. */
function areMixed({ _def: { procedures } }: AnyRouter, calls: string[]): boolean {
  const known = calls.filter((path) => Object.hasOwn(procedures, path));
  return new Set(known.map((path) => (procedures as Procedures)[path]?._def.type)).size > 1;
}

type Procedures = Record<string, { _def: { type: string } }>;
type Inputs = Record<number, unknown>;

/** By the index of their calls; `null` where it is something else that came. */
async function inputsOf({ searchParams }: URL, body: Promise<unknown> | undefined): Promise<Inputs | null> {
  try {
    const inputs = body ? await body : JSON.parse(searchParams.get('input') ?? '{}');
    return typeof inputs === 'object' && !Array.isArray(inputs) ? (inputs as Inputs | null) : null;
  } catch {
    return null;
  }
}

/** One call of a batch, as a batch of its own. */
function callOf(
  request: Request,
  { url, calls, inputs, n }: { url: URL; calls: string[]; inputs: Inputs; n: number },
): Request {
  const input = n in inputs ? { 0: inputs[n] } : {};
  const own = new URL(url);
  own.pathname = `/trpc/${encodeURIComponent(calls[n] ?? '')}`;
  const { method, headers, signal } = request;
  if (method !== 'POST') {
    own.searchParams.set('input', JSON.stringify(input));
    return new Request(own, { method, headers, signal });
  }
  return withJson(new Request(own, { method, headers, signal }), async () => input);
}

/** A request whose body has been read, and parsed, by somebody else. */
export const withJson = (request: Request, json: () => Promise<unknown>): Request =>
  new Proxy(request, { get: (target, name) => (name === 'json' ? json : Reflect.get(target, name, target)) });

const COMMA = Buffer.from(',');
const OPEN = Buffer.from('[');
const CLOSE = Buffer.from(']');

/** Of `[a]` and `[b]`: `[a,b]`. */
function* parts(bodies: Buffer[]): Generator<Uint8Array> {
  for (const [n, body] of bodies.entries()) {
    yield n === 0 ? OPEN : COMMA;
    yield body.subarray(1, -1);
  }
  yield CLOSE;
}

/** As tRPC's: 207 (Multi-Status) where they differ. */
function statusOf(answers: Response[]): number {
  const statuses = new Set(answers.map(({ status }) => status));
  const [first = 200] = statuses;
  return statuses.size === 1 ? first : 207;
}

/** Those of the first, and the longest wait of all. */
function headersOf(answers: Response[]): Headers {
  const headers = new Headers(answers[0]?.headers);
  const waits = answers.map((one) => Number(one.headers.get('retry-after') ?? 0));
  if (Math.max(...waits) > 0) headers.set('retry-after', String(Math.max(...waits)));
  return headers;
}
