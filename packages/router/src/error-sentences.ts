import type { ExecutionErrorCode } from '@runledger/contracts';
import type { TRPCError } from '@trpc/server';

/** What a caller reads where the message is for operators, or may quote another program. The log has the original. */
export const ERROR_SENTENCES = {
  invalid_input: 'The request has a value that the ledger does not take.',
  input_rejected: 'The input does not satisfy the schema of the workflow.',
  schema_rejected: 'This input schema is not accepted.',
  payload_too_large: 'The request is larger than the ledger takes. Store large data elsewhere and pass a reference.',
  invalid_cursor:
    'This list did not hand out this cursor; pass the nextCursor of its page before, or leave it out to begin anew.',
  unauthenticated: 'The token is not accepted; sign in again.',
  permission_denied: 'You may not do this.',
  not_found: 'There is no such thing, or it is not yours.',
  unknown_user: 'The ledger does not know this user; its operator has to add them.',
  conflict: 'It conflicts with what is already recorded.',
  illegal_transition: 'The status of the execution does not allow this any more.',
  not_startable: 'This host does not start this workflow.',
  quota_exceeded: 'A limit is reached; try again later.',
  rate_limited: 'Too much is asked at once; try again in a moment.',
  engine_refused: 'Temporal refused this request, and would refuse it again.',
  engine_unavailable: 'Temporal cannot be reached right now; try again in a moment.',
  engine_throttled: 'Temporal takes no more calls right now; try again in a moment.',
  ledger_unavailable: 'The database cannot be reached right now; try again in a moment.',
  took_too_long: 'The database took too long for this. Ask for less: a shorter window, fewer items, a narrower filter.',
  schema_outdated: 'The database is not migrated yet; the operator has to apply the migrations.',
  internal: 'Something failed on our side.',
} as const satisfies Record<ExecutionErrorCode, string>;

/** Codes whose messages are always for operators: they name hosts, tables and roles. */
export const FOR_OPERATORS: readonly ExecutionErrorCode[] = [
  'engine_unavailable',
  'engine_throttled',
  'ledger_unavailable',
  'took_too_long',
  'schema_outdated',
  'internal',
];

/** What tRPC refuses by itself, in words of ours: its own quote the JSON parser and the request. */
const REQUEST_SENTENCES: Partial<Record<TRPCError['code'], string>> = {
  PARSE_ERROR: 'The request is not valid: its input has to be JSON.',
  BAD_REQUEST: 'The request is not valid: its input has to be JSON, and a batch an object of inputs by index.',
  NOT_FOUND: 'There is no such procedure.',
  METHOD_NOT_SUPPORTED: 'Queries are called with GET, mutations with POST.',
  UNSUPPORTED_MEDIA_TYPE: 'Send JSON, with "content-type: application/json".',
  PAYLOAD_TOO_LARGE: ERROR_SENTENCES.payload_too_large,
  CLIENT_CLOSED_REQUEST: 'The request was given up by its caller.',
};

/** A sentence for a request that never reached a procedure. */
export function requestSentence(code: TRPCError['code']): string {
  return REQUEST_SENTENCES[code] ?? 'The request is not valid.';
}
