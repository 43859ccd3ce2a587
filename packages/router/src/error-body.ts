import type { ExecutionError } from '@runledger/contracts';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { publicError, toTRPCError } from './error-mapping.ts';

/**
 * The body of an HTTP answer that refuses a request before it reaches the router, in the shape of the router's own
 * errors, so that clients read it like any other.
 */
export function toErrorBody(error: ExecutionError, requestId: string | null) {
  const trpcError = toTRPCError(error, requestId);
  const { message, ...data } = publicError(trpcError, requestId);
  const httpStatus = getHTTPStatusCodeFromError(trpcError);
  return {
    error: {
      message,
      code: TRPC_ERROR_CODES_BY_KEY[trpcError.code],
      data: { code: trpcError.code, httpStatus, ...data },
    },
  };
}
