import type { ErrorStatus, ExecutionError, ExecutionErrorCode, QuotaUse, ReachedLimit } from '@runledger/contracts';
import { ERRORS, isExecutionError } from '@runledger/contracts';
import { TRPCError } from '@trpc/server';
import { ERROR_SENTENCES, FOR_OPERATORS, requestSentence } from './error-sentences.ts';
import { publicFields } from './public-fields.ts';
import { publicText } from './public-text.ts';
import { toExecutionError } from './thrown.ts';

/** tRPC's word for a status over HTTP. */
const TRPC_CODES = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
} as const satisfies Record<ErrorStatus, TRPCError['code']>;

/** What an error says to a caller, beside tRPC's own `code`, `httpStatus` and `path`. */
export interface PublicErrorData {
  /** Our code; `null` for what only HTTP or tRPC knows, like a procedure that does not exist. */
  executionCode: ExecutionErrorCode | null;
  /** Path of the offending field to what is wrong with it. */
  fields: Record<string, string[]> | null;
  /** With `quota_exceeded`: which limit, how much of it is used, and when it frees. */
  quota: QuotaUse | null;
  /** With `rate_limited`: which limit, how much it allows, and when to try again. */
  limit: ReachedLimit | null;
  /** To be quoted when asking the operator, who finds it in the log. */
  requestId: string | null;
}

export interface PublicError extends PublicErrorData {
  message: string;
}

/** In which request an error of ours was thrown. */
const requestIds = new WeakMap<TRPCError, string>();

/**
 * An error of ours as tRPC's. Its message is for callers already, so that no formatter of a host can show more; what
 * happened is in its cause, for the log.
 */
export function toTRPCError(error: ExecutionError, requestId: string | null = null): TRPCError {
  const code = TRPC_CODES[ERRORS[error.code].http];
  const quoted = code === 'INTERNAL_SERVER_ERROR' && requestId !== null ? ` Quote request ${requestId}.` : '';
  const trpcError = new TRPCError({ code, message: `${publicMessage(error)}${quoted}`, cause: error });
  // A host in development sends stacks, which name files of its machine; that of what happened is its cause's.
  trpcError.stack = undefined as never;
  if (requestId !== null) requestIds.set(trpcError, requestId);
  return trpcError;
}

/**
 * Only sentences that are ours pass, by where they come from: those made for callers, and those of errors without a cause. An
 * error with a cause may quote Postgres, Temporal or Node.
 */
function publicMessage({ code, message, cause, forCaller }: ExecutionError): string {
  if (typeof forCaller === 'string') return publicText(forCaller);
  const isForOperators = FOR_OPERATORS.includes(code) || (cause !== undefined && !ABOUT_CALLERS_SCHEMA.includes(code));
  return isForOperators ? ERROR_SENTENCES[code] : publicText(message);
}

/** Quote nothing but the caller's own schema and input, and what is wrong with them. */
const ABOUT_CALLERS_SCHEMA: readonly ExecutionErrorCode[] = ['schema_rejected', 'input_rejected'];

/**
 * What a host's own error formatter adds to `data`, so that our client reads its errors wherever our router is mounted:
 * `errorFormatter: ({ shape, error }) => ({ ...shape, data: { ...shape.data, ...runledgerErrorData(error) } })`. Errors
 * that are not of our procedures get `null` in each.
 */
export function runledgerErrorData(error: TRPCError): PublicErrorData {
  const { cause } = error;
  const requestId = requestIds.get(error) ?? null;
  if (!isExecutionError(cause)) return { executionCode: null, fields: null, quota: null, limit: null, requestId };
  const { code, fields, quota, limit } = cause;
  return { executionCode: code, fields: publicFields(fields), quota: quota ?? null, limit: limit ?? null, requestId };
}

/** Errors that tRPC raises itself and that mean what one of our codes means. */
const UNDERSTOOD: Partial<Record<TRPCError['code'], ExecutionErrorCode>> = {
  BAD_REQUEST: 'invalid_input',
  PARSE_ERROR: 'invalid_input',
  UNSUPPORTED_MEDIA_TYPE: 'invalid_input',
  PAYLOAD_TOO_LARGE: 'payload_too_large',
};

/**
 * What a caller may know of an error. tRPC would send the message of any Error that is thrown (trpc/trpc#2070), and the
 * messages of databases carry table and constraint names.
 */
export function publicError(error: TRPCError, requestId: string | null): PublicError {
  const isOurs = isExecutionError(error.cause);
  if (!isOurs && error.code !== 'INTERNAL_SERVER_ERROR') {
    const executionCode = UNDERSTOOD[error.code] ?? null;
    return { message: requestSentence(error.code), executionCode, fields: null, quota: null, limit: null, requestId };
  }
  const told = requestIds.has(error) ? error : toTRPCError(toExecutionError(error), requestId);
  return { ...runledgerErrorData(told), message: told.message, requestId };
}

/** Whether somebody should look at the log: a fault of ours, or something that is down. */
export function isOperatorsConcern(error: TRPCError): boolean {
  return error.code === 'INTERNAL_SERVER_ERROR' || error.code === 'SERVICE_UNAVAILABLE';
}
