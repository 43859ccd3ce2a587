import type { Json } from '@runledger/contracts';
import { ERROR_MESSAGE_LIMIT, STACK_LIMIT } from '@runledger/contracts';
import { keepPayload, withoutNul } from './payload.ts';

export interface ReportedError {
  errorMessage: string;
  failure: Json | null;
}

const cut = (text: string, length: number) => withoutNul(text).slice(0, length);

function describeError(error: Error, depth = 0): Json {
  return {
    type: error.name,
    message: cut(error.message, ERROR_MESSAGE_LIMIT),
    stack: cut(error.stack ?? '', STACK_LIMIT),
    cause: error.cause instanceof Error && depth < 9 ? describeError(error.cause, depth + 1) : null,
  };
}

/** What a caller passes as an error: a message, an Error, or anything JSON with a `message` or `error` in it. */
export function reportedError(error: unknown, fallback: string): ReportedError {
  if (error === undefined || error === null || error === '') return { errorMessage: fallback, failure: null };
  if (typeof error === 'string') return { errorMessage: cut(error, ERROR_MESSAGE_LIMIT), failure: null };
  if (error instanceof Error) {
    return { errorMessage: cut(error.message || error.name, ERROR_MESSAGE_LIMIT), failure: describeError(error) };
  }
  const { output = null } = keepPayload(error);
  const said =
    output !== null && typeof output === 'object' && !Array.isArray(output) ? (output.message ?? output.error) : output;
  const text = typeof said === 'string' ? said : JSON.stringify(said ?? output);
  return { errorMessage: cut(text === 'null' ? fallback : text, ERROR_MESSAGE_LIMIT), failure: output };
}
