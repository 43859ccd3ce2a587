import type { ExecutionHealth } from '@runledger/contracts';
import { healthNow, redactHealth } from '@runledger/contracts';
import type { CallerContext } from './context.ts';
import { hiddenFrom } from './redacted-caller.ts';
import { readScope, requireReadable } from './whose.ts';

/**
 * How the caller's execution stood when it was last looked at; `null` once it is settled, and for direct executions.
 * @throws `not_found`
 */
export async function readHealth(ctx: CallerContext, id: string): Promise<ExecutionHealth | null> {
  const {
    temporalNamespace: namespace,
    outcomeAuthority,
    lostAt,
    workflow,
  } = await requireReadable(ctx, id, { payloads: false });
  if (namespace === null || outcomeAuthority === 'engine' || lostAt !== null) return null;
  const [health, proof] = await Promise.all([
    ctx.caller.reader.health(readScope(ctx), id),
    ctx.ledger.getProof(namespace),
  ]);
  const now = healthNow(health, { namespace, proof });
  return now && redactHealth(now, hiddenFrom(ctx.caller, workflow));
}
