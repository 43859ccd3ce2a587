import { z } from 'zod';
import { LIMIT_NAMES } from './facts/user-limits.ts';

/** The limit that a `rate_limited` call met. */
export const ReachedLimit = z.object({
  name: z.enum(LIMIT_NAMES),
  /** How much is allowed: calls, streams or bytes. */
  limit: z.number().int(),
  /** The time that the limit is for, in milliseconds; `null`: at a time. */
  windowMs: z.number().int().nullable(),
  /** When the same call may be let through, in milliseconds from the answer; `null`: when something of the caller's ends. */
  retryAfterMs: z.number().int().nullable(),
});
export type ReachedLimit = z.infer<typeof ReachedLimit>;
