import type { ExecutionHealth, Proof } from './proof.ts';
import { isStale } from './proof.ts';

/**
 * Pure: how an unsettled execution stands, given its last check and the latest proof of its namespace. Where no monitor follows
 * the namespace, that is reported first: an old check, or none, says nothing of the present.
 */
export function healthNow(
  lastCheck: ExecutionHealth | null,
  { namespace, proof }: { namespace: string; proof: Pick<Proof, 'at' | 'periodMs'> | null },
): ExecutionHealth | null {
  if (proof && !isStale(proof)) return lastCheck;
  const since = proof ? `since ${proof.at}` : 'and none ever has';
  const nobody = `No monitor follows the namespace ${namespace} ${since}: what becomes of this is not noticed`;
  return {
    health: lastCheck === null || lastCheck.health === 'live' ? 'late' : lastCheck.health,
    reason: lastCheck?.reason ? `${nobody}. When it was last checked: ${lastCheck.reason}` : nobody,
    remedy: 'Ask the operator to start the worker that runs the monitor',
    checkedAt: lastCheck?.checkedAt ?? null,
  };
}
