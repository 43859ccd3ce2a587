import type { Proof, SaveCheck, UnsettledExecution } from '@runledger/contracts';
import type { Logger } from 'pino';
import type { Settled } from './settler.ts';
import type { Tracked } from './tracked.ts';

/** From so many checks on, "Temporal knows none of them" says more about the connection than about the executions. */
const SUSPICIOUS_FROM = 20;

export interface PassBookOptions {
  logger: Logger;
  nextCheckInMs: number;
}

/** What the reconciler writes down while it works: the checks to save, and what the proof says. */
export function createPassBook({ logger, nextCheckInMs }: PassBookOptions) {
  const checkedAt = new Map<string, string>();
  let checks: SaveCheck[] = [];
  let seen = 0;
  let diverged = 0;

  return {
    note(row: UnsettledExecution, result: Settled): void {
      seen += 1;
      if (result.kind === 'ended') {
        if (result.applied) diverged += 1;
        checkedAt.delete(row.executionId);
        return;
      }
      // A pending execution that is found to run was waiting for just that.
      if (result.kind === 'open' && result.applied && row.status !== 'pending') diverged += 1;
      checkedAt.set(row.executionId, new Date().toISOString());
      const due = result.kind === 'waiting' ? Math.min(result.forMs, nextCheckInMs) : nextCheckInMs;
      checks.push({ executionId: row.executionId, ...result.standing, nextCheckInMs: due });
    },

    /** An execution that the ledger or the engine would not take: seen again in a period, with the reason. */
    noteFault(row: UnsettledExecution, error: unknown): void {
      const reason = error instanceof Error ? error.message : String(error);
      checks.push({ executionId: row.executionId, health: 'late', reason, nextCheckInMs });
    },

    /** The checks since the last call. Where most of many are lost at once, none is called so. */
    takeChecks(): SaveCheck[] {
      const taken = checks;
      const lost = taken.filter((check) => check.health === 'lost').length;
      const suspicious = seen >= SUSPICIOUS_FROM && lost > seen / 2;
      checks = [];
      seen = 0;
      if (!suspicious) return taken;
      logger.error(
        { checked: taken.length, unknown: lost },
        'ALARM: Temporal knows hardly any of the executions; is this the right server and namespace? None is flagged as lost',
      );
      return taken.map((check) => (check.health === 'lost' ? { ...check, health: 'late' } : check));
    },

    /** Sums up what was found since the last proof. Of what is beyond the tracker's limit it knows nothing. */
    proof(tracked: ReadonlyMap<string, Tracked>, worstLagMs: number | null): Proof {
      let oldestCheckAt: string | null = null;
      for (const { row } of tracked.values()) {
        const at = checkedAt.get(row.executionId) ?? row.lastCheckAt ?? row.startedAt;
        if (oldestCheckAt === null || Date.parse(at) < Date.parse(oldestCheckAt)) oldestCheckAt = at;
      }
      for (const id of checkedAt.keys()) if (!tracked.has(id)) checkedAt.delete(id);
      const found = diverged;
      diverged = 0;
      return { at: new Date().toISOString(), unsettled: tracked.size, diverged: found, oldestCheckAt, worstLagMs };
    },
  };
}
