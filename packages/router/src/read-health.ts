import type { ExecutionHealth } from '@runledger/contracts';
import { isStale } from '@runledger/contracts';
import type { CallerContext } from './context.ts';
import { requireExecution } from './control-execution.ts';

/**
 * How the caller's execution stood when it was last looked at; `null` once it is settled, and for direct executions. Where no
 * monitor follows its namespace, that is reported first: an old check, or none, says nothing of the present.
 * @throws `not_found`
 */
export async function readHealth(ctx: CallerContext, id: string): Promise<ExecutionHealth | null> {
  const { temporalNamespace, outcomeAuthority, lostAt } = await requireExecution(ctx, id);
  if (temporalNamespace === null || outcomeAuthority === 'engine' || lostAt !== null) return null;
  const [health, proof] = await Promise.all([
    ctx.caller.reader.health({ userId: ctx.caller.userId }, id),
    ctx.ledger.getProof(temporalNamespace),
  ]);
  if (proof && !isStale(proof)) return health;
  const since = proof ? `since ${proof.at}` : 'and none ever has';
  const nobody = `No monitor follows the namespace ${temporalNamespace} ${since}: what becomes of this is not noticed`;
  return {
    health: health === null || health.health === 'live' ? 'late' : health.health,
    reason: health?.reason ? `${nobody}. When it was last checked: ${health.reason}` : nobody,
    remedy: 'Ask the operator to start the worker that runs the monitor',
    checkedAt: health?.checkedAt ?? null,
  };
}
