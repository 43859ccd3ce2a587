import { ExecutionError } from '@runledger/contracts';
import { isGrpcServiceError } from '@temporalio/client';

/** https://grpc.io/docs/guides/status-codes/ */
export const GRPC = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  dataLoss: 15,
  unauthenticated: 16,
} as const;
export type GrpcCode = (typeof GRPC)[keyof typeof GRPC];

/** What each status means for a caller: `unavailable` and `throttled` may work later, `refused` will not, whoever repeats it. */
const MEANING = {
  [GRPC.cancelled]: 'engine_unavailable',
  [GRPC.unknown]: 'engine_unavailable',
  [GRPC.invalidArgument]: 'engine_refused',
  [GRPC.deadlineExceeded]: 'engine_unavailable',
  [GRPC.notFound]: 'engine_refused',
  [GRPC.alreadyExists]: 'engine_refused',
  [GRPC.permissionDenied]: 'engine_refused',
  [GRPC.resourceExhausted]: 'engine_throttled',
  // A namespace that fails over, or a server too old for this client: either is fixed without touching the request.
  [GRPC.failedPrecondition]: 'engine_unavailable',
  [GRPC.aborted]: 'engine_unavailable',
  [GRPC.outOfRange]: 'engine_refused',
  [GRPC.unimplemented]: 'engine_refused',
  [GRPC.internal]: 'engine_unavailable',
  [GRPC.unavailable]: 'engine_unavailable',
  [GRPC.dataLoss]: 'engine_unavailable',
  [GRPC.unauthenticated]: 'engine_refused',
} as const satisfies Record<GrpcCode, 'engine_unavailable' | 'engine_throttled' | 'engine_refused'>;

const ADVICE: Partial<Record<GrpcCode, string>> = {
  [GRPC.unavailable]: 'Check that Temporal runs at the configured address.',
  [GRPC.deadlineExceeded]: 'Temporal did not answer in time; check that it is reachable and not overloaded.',
  [GRPC.resourceExhausted]: 'Temporal limits the rate of calls; it is tried again later.',
  [GRPC.unauthenticated]: 'Check the Temporal API key.',
  [GRPC.permissionDenied]: 'Check what the Temporal API key may do.',
};

/** The gRPC status of an error, or `null` when it is not one of gRPC's. */
export function grpcCode(error: unknown): GrpcCode | null {
  return isGrpcServiceError(error) && (error.code as number) in MEANING ? (error.code as GrpcCode) : null;
}

/** What the server said, without the number that grpc-js puts in front. */
export function grpcDetails(error: unknown): string {
  if (isGrpcServiceError(error)) return error.details || error.message;
  return error instanceof Error ? error.message : String(error);
}

/** The one table from gRPC to ExecutionError. `doing` completes "Could not …". Unknown errors become `internal`. */
export function toExecutionError(error: unknown, doing: string): ExecutionError {
  if (error instanceof ExecutionError) return error;
  const code = grpcCode(error);
  if (code === null)
    return new ExecutionError('internal', `Could not ${doing}: ${grpcDetails(error)}`, { cause: error });
  const tooLarge = isMessageTooLarge(error);
  const advice = tooLarge ? 'It is larger than one gRPC message may be.' : ADVICE[code];
  return new ExecutionError(
    tooLarge ? 'engine_refused' : MEANING[code],
    `Could not ${doing}: ${grpcDetails(error)}.${advice ? ` ${advice}` : ''}`.replace('..', '.'),
    { cause: error },
  );
}

/**
 * Whether Temporal refuses this very request, however often it is repeated. A wrong key or a missing permission is not
 * about the request.
 */
export function isRefusedForGood(error: unknown): boolean {
  const code = grpcCode(error);
  return code === GRPC.invalidArgument || code === GRPC.notFound || isMessageTooLarge(error);
}

/** Whether a message, either way, is larger than one may be. It has the same status as a spent budget. */
export function isMessageTooLarge(error: unknown): boolean {
  return (
    grpcCode(error) === GRPC.resourceExhausted &&
    isTooLarge({ code: GRPC.resourceExhausted, details: grpcDetails(error) })
  );
}

/** In the words of grpc-js and of Go's grpc, whole or once decompressed. */
export function isTooLarge({ code, details }: { code: number; details: string }): boolean {
  return code === GRPC.resourceExhausted && /message (larger than max|.*size larger than)/i.test(details);
}

/** NOT_FOUND about the namespace itself, which says nothing about any workflow. */
export function isUnknownNamespace(error: unknown): boolean {
  return grpcCode(error) === GRPC.notFound && /^namespace /i.test(grpcDetails(error));
}

/** NOT_FOUND about a workflow or a run. */
export function isUnknownWorkflow(error: unknown): boolean {
  return grpcCode(error) === GRPC.notFound && !isUnknownNamespace(error);
}
