import type { ExecutionErrorCode } from '@runledger/contracts';
import { ExecutionError, isExecutionError, issuesSentence, issueWords } from '@runledger/contracts';
import { TRPCError } from '@trpc/server';
import { z } from 'zod';
import { ERROR_SENTENCES, requestSentence } from './error-sentences.ts';

/** What tRPC's codes mean in ours, where one is raised inside a procedure. */
const MEANING: Partial<Record<TRPCError['code'], ExecutionErrorCode>> = {
  BAD_REQUEST: 'invalid_input',
  PARSE_ERROR: 'invalid_input',
  UNSUPPORTED_MEDIA_TYPE: 'invalid_input',
  PAYLOAD_TOO_LARGE: 'payload_too_large',
  UNAUTHORIZED: 'unauthenticated',
  FORBIDDEN: 'permission_denied',
  NOT_FOUND: 'not_found',
  CONFLICT: 'conflict',
};

/** Whatever was thrown, as one error of ours. What is not one of ours, or a refusal of tRPC's, is `internal`. Never throws. */
export function toExecutionError(thrown: unknown): ExecutionError {
  try {
    if (isExecutionError(thrown)) return thrown;
    if (thrown instanceof TRPCError) return fromTRPCError(thrown);
  } catch {
    // A proxy may throw whatever it is asked.
  }
  return unexpected(thrown);
}

function fromTRPCError(error: TRPCError): ExecutionError {
  const { cause, code } = error;
  if (isExecutionError(cause)) return cause;
  const meaning = MEANING[code];
  if (meaning === undefined) return unexpected(cause ?? error);
  // An output that breaks its schema has no meaning above: its fields are nobody's business.
  if (cause instanceof z.ZodError)
    return new ExecutionError('invalid_input', issuesSentence(cause), { fields: fieldsOf(cause) });
  const forCaller = meaning === 'invalid_input' ? requestSentence(code) : ERROR_SENTENCES[meaning];
  return new ExecutionError(meaning, error.message, { cause: cause ?? error, forCaller });
}

function unexpected(thrown: unknown): ExecutionError {
  const message = 'Something was thrown that is not an error of ours; its cause says what.';
  return new ExecutionError('internal', message, { cause: toError(thrown) });
}

/** Something that a log can write: text and `null` may be thrown too. */
function toError(thrown: unknown): Error {
  try {
    return thrown instanceof Error ? thrown : new Error(`thrown: ${String(thrown).slice(0, 1_000)}`);
  } catch {
    return new Error('thrown: a value that does not let itself be read');
  }
}

function fieldsOf(error: z.ZodError): Record<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const issue of error.issues) {
    const path = issue.path.map(String).join('.') || 'request';
    fields.set(path, [...(fields.get(path) ?? []), issueWords(issue)]);
  }
  return Object.fromEntries(fields);
}
