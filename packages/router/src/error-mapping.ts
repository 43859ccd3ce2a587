import type { ErrorStatus, ExecutionError, ExecutionErrorCode, QuotaUse, ReachedLimit } from '@runledger/contracts';
import { ERRORS, isExecutionError } from '@runledger/contracts';
import { TRPCError } from '@trpc/server';
import { z } from 'zod';

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

/** Instead of messages that are for operators: they name hosts, tables and roles. The log has the original. */
const PUBLIC_MESSAGES: Partial<Record<ExecutionErrorCode, string>> = {
  engine_unavailable: 'Temporal cannot be reached right now; try again in a moment.',
  engine_throttled: 'Temporal takes no more calls right now; try again in a moment.',
  ledger_unavailable: 'The database cannot be reached right now; try again in a moment.',
  took_too_long: 'The database took too long for this. Ask for less: a shorter window, fewer items, a narrower filter.',
  schema_outdated: 'The database is not migrated yet; the operator has to apply the migrations.',
  internal: 'Something failed on our side.',
};

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

/** An error of ours as tRPC's; the cause is kept for the formatter and the log. */
export function toTRPCError(error: ExecutionError): TRPCError {
  return new TRPCError({ code: TRPC_CODES[ERRORS[error.code].http], message: error.message, cause: error });
}

/**
 * What a caller may know of an error. tRPC would send the message of any Error that is thrown (trpc/trpc#2070), and the
 * messages of databases carry table and constraint names.
 */
export function publicError(error: TRPCError, requestId: string | null): PublicError {
  const { cause } = error;
  if (isExecutionError(cause)) {
    const message = PUBLIC_MESSAGES[cause.code] ?? cause.message;
    return {
      message: withRequest(message, error, requestId),
      executionCode: cause.code,
      fields: cause.fields,
      quota: cause.quota ?? null,
      limit: cause.limit ?? null,
      requestId,
    };
  }
  if (error.code === 'INTERNAL_SERVER_ERROR') {
    const message = withRequest(PUBLIC_MESSAGES.internal as string, error, requestId);
    return { message, executionCode: 'internal', fields: null, quota: null, limit: null, requestId };
  }
  // An output that breaks its schema is an internal error, above: its fields are nobody's business.
  if (cause instanceof z.ZodError)
    return {
      message: z.prettifyError(cause),
      executionCode: 'invalid_input',
      fields: fieldsOf(cause),
      quota: null,
      limit: null,
      requestId,
    };
  const executionCode = UNDERSTOOD[error.code] ?? null;
  return { message: error.message, executionCode, fields: null, quota: null, limit: null, requestId };
}

/** Errors that tRPC raises itself and that mean what one of our codes means. */
const UNDERSTOOD: Partial<Record<TRPCError['code'], ExecutionErrorCode>> = {
  BAD_REQUEST: 'invalid_input',
  PARSE_ERROR: 'invalid_input',
  PAYLOAD_TOO_LARGE: 'payload_too_large',
};

function withRequest(message: string, { code }: TRPCError, requestId: string | null): string {
  return code === 'INTERNAL_SERVER_ERROR' && requestId ? `${message} Quote request ${requestId}.` : message;
}

function fieldsOf(error: z.ZodError): Record<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const issue of error.issues) {
    const path = issue.path.map(String).join('.') || 'request';
    fields.set(path, [...(fields.get(path) ?? []), issue.message]);
  }
  return Object.fromEntries(fields);
}

/** Whether somebody should look at the log: a fault of ours, or something that is down. */
export function isOperatorsConcern(error: TRPCError): boolean {
  return error.code === 'INTERNAL_SERVER_ERROR' || error.code === 'SERVICE_UNAVAILABLE';
}
