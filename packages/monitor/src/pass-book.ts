import type { SaveCheck, UnsettledExecution } from '@runledger/contracts';
import type { Logger } from 'pino';
import type { Settled } from './settler.ts';

/** From so many checks on, "Temporal knows none of them" says more about the connection than about the executions. */
const SUSPICIOUS_FROM = 20;

const ALARM =
  'Temporal knows hardly any of the executions it was asked about; is this the right server and namespace, with its data?';

export interface PassBookOptions {
  logger: Logger;
}

/** What the reconciler writes down while it works: the checks to save, what it could not repair, and its alarm. */
export function createPassBook({ logger }: PassBookOptions) {
  /** Executions that differ from the engine and could not be repaired. */
  const faults = new Set<string>();
  let checks: SaveCheck[] = [];
  let seen = 0;
  let lost = 0;
  let alarm: string | null = null;

  return {
    note(row: UnsettledExecution, result: Settled, nextCheckInMs: number): void {
      seen += 1;
      faults.delete(row.executionId);
      if (result.kind === 'ended') return;
      // What was lost before is no news: it would sound the alarm for ever.
      if (result.kind === 'unknown' && row.firstRunId !== null && row.health !== 'lost') lost += 1;
      const due = result.kind === 'waiting' ? Math.min(result.forMs, nextCheckInMs) : nextCheckInMs;
      checks.push({ executionId: row.executionId, ...result.standing, nextCheckInMs: due });
    },

    /** An execution that the ledger or the engine would not take: seen again in a period, with the reason. */
    noteFault(row: UnsettledExecution, error: unknown, nextCheckInMs: number): void {
      faults.add(row.executionId);
      const reason = error instanceof Error ? error.message : String(error);
      const remedy = `Compare it with Temporal: runledger explain ${row.executionId}`;
      checks.push({ executionId: row.executionId, health: 'late', reason, remedy, nextCheckInMs });
    },

    /** The checks since the last call; none where Temporal suddenly knows hardly any execution: then it alarms instead. */
    takeChecks(): SaveCheck[] {
      const suspicious = seen >= SUSPICIOUS_FROM && lost > seen / 2;
      const taken = checks;
      checks = [];
      if (suspicious) {
        if (alarm === null) logger.error({ checked: seen, unknown: lost }, `ALARM: ${ALARM} Nothing is written`);
        alarm = ALARM;
      } else if (seen > 0 && alarm !== null) {
        logger.info('Temporal knows the executions again; the alarm is over');
        alarm = null;
      }
      seen = 0;
      lost = 0;
      return suspicious ? [] : taken;
    },

    get alarm() {
      return alarm;
    },
    /** Unsettled executions that differ from the engine, as far as known; what was settled or deleted since is no more. */
    diverging(isUnsettled: (executionId: string) => boolean): number {
      for (const id of faults) if (!isUnsettled(id)) faults.delete(id);
      return faults.size;
    },
  };
}

export type PassBook = ReturnType<typeof createPassBook>;
