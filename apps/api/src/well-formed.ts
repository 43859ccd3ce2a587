import { ExecutionError } from '@runledger/contracts';
import { calledProcedures } from './called-procedures.ts';

/** What came over HTTP, before anything has parsed it. */
export interface RawRequest {
  method: string;
  url: string;
  contentType: string | undefined;
  /** Of a POST, as text. */
  body: string | null;
}

const NOT_JSON = 'The input is not JSON.';

/**
 * Refuses a request that no client of ours sends, which tRPC would answer with the words of its parser, take for another one,
 * or fail over.
 * @returns what its body is, parsed
 * @throws ExecutionError `invalid_input`
 */
export function requireWellFormed({ method, url, contentType, body }: RawRequest): unknown {
  const { searchParams } = new URL(url);
  const calls = calledProcedures(url);
  if (calls === null)
    throw malformed('The path of the request is not valid: "%" has to be followed by two hexadecimal digits of UTF-8.');
  if (method === 'POST' && !/^application\/json\s*(;|$)/i.test(contentType ?? ''))
    throw malformed('The body is not JSON; send it with "content-type: application/json".');
  const text = method === 'POST' ? body : searchParams.get('input');
  const input = text ? parse(text) : undefined;
  if (searchParams.get('batch') === '1' && input !== undefined) requireIndexes(input, calls.length);
  return input;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(NOT_JSON);
  }
}

function requireIndexes(input: unknown, calls: number): void {
  const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
  const known = new Set(Array.from({ length: calls }, (_, index) => String(index)));
  if (isObject && Object.keys(input).every((index) => known.has(index))) return;
  throw malformed(`A batch of ${calls} takes an object of inputs by index, from 0 to ${calls - 1}.`);
}

function malformed(problem: string): ExecutionError {
  return new ExecutionError('invalid_input', problem);
}
