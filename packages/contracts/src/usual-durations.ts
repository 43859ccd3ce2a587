import { z } from 'zod';

/** How long executions of a workflow usually take, in milliseconds: the latest 500 that completed, each figure one of them. */
export const UsualDurations = z.object({
  /** Half of them took at most this. */
  p50: z.number().int(),
  p95: z.number().int(),
  p99: z.number().int(),
  /** How many they are of. */
  of: z.number().int(),
  /** `everyone`'s for the owner of the workflow, and where 20 executions of 5 users say nothing of any one user. */
  whose: z.enum(['everyone', 'own']),
});
export type UsualDurations = z.infer<typeof UsualDurations>;

/**
 * Pure: by when an execution that began then should have ended; 99 of 100 have. To the millisecond: it is an estimate, and no
 * cursor or guard is made of it.
 */
export function expectedEnd(beganAt: string, usual: UsualDurations | null): string | null {
  return usual && new Date(Date.parse(beganAt) + usual.p99).toISOString();
}
