import { RelativeInstant, resolveInstant } from '@runledger/contracts';
import { z } from 'zod';

/**
 * Started at or after `from` and before `to`; since the beginning without them. Either may be relative, as in a filter (`-24h`): the
 * answer has what it came to. Widened to whole UTC hours.
 */
export const Window = z.object({
  workflowId: z.uuid().optional(),
  from: RelativeInstant.optional(),
  to: RelativeInstant.optional(),
});

/** A request with its relative instants as they are now, by one clock for both. @param now Milliseconds since 1970. */
export function resolved<Request extends { from?: string | undefined; to?: string | undefined }>(
  request: Request,
  now: number = Date.now(),
): Request {
  const { from, to } = request;
  return {
    ...request,
    ...(from === undefined ? {} : { from: resolveInstant(from, now) }),
    ...(to === undefined ? {} : { to: resolveInstant(to, now) }),
  };
}

export const limitOf = (most: number) => z.number().int().min(1).max(most).default(10);
