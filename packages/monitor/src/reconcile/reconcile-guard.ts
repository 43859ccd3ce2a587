import type { ExecutionPart, SaveCheck, UnsettledExecution } from '@runledger/contracts';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Settled } from '../settle/settle.ts';
import { createBroughtParts } from './brought-parts.ts';
import { faultSentence } from './fault-sentence.ts';

/** From this number of looks on, "Temporal knows few of them" says more about the connection than about the executions. */
const SUSPICIOUS_FROM = 20;
/** Looks remembered: the latest of this number of executions. */
const REMEMBERED = 20_000;

const ALARM =
  'Temporal does not know most of the executions that this ledger has seen alive in it. Is this the right server and namespace, with its data? Nothing is noted as lost meanwhile. If the data is gone for good, "runledger reconcile --accept-lost" notes what Temporal does not know as lost, and the alarm ends.';

const HELD = 'Temporal did not know it at its last check, nor most of the others: not believed while the alarm stands';
const HELD_REMEDY = 'See "runledger status": it says how to end the alarm';

export interface ReconcileGuardOptions {
  logger: Logger;
}

/** What the reconciler writes down while it works: the checks to save, what it could not repair, and its alarm. */
export function createReconcileGuard({ logger }: ReconcileGuardOptions) {
  /** Executions that differ from the engine and could not be repaired. */
  const faults = new Set<string>();
  /** Of executions that were seen alive: whether the engine knew them at the latest look. */
  const looks = new LRUCache<string, boolean>({ max: REMEMBERED });
  let checks: SaveCheck[] = [];
  /** Checks that say "lost" of what was alive before: to be believed, or not. */
  let losses: { check: SaveCheck; before: UnsettledExecution['health'] }[] = [];
  const brought = createBroughtParts();
  let hasLooked = false;
  let alarm: string | null = null;

  function isSuspicious(): boolean {
    const known = [...looks.values()].filter(Boolean).length;
    return looks.size >= SUSPICIOUS_FROM && looks.size - known > known;
  }

  function setAlarm(suspicious: boolean): void {
    if (suspicious) {
      if (alarm === null) logger.error({ remembered: looks.size, unknown: unknown() }, `ALARM: ${ALARM}`);
      alarm = ALARM;
    } else if (hasLooked && alarm !== null) {
      logger.info('Temporal knows the executions again, or they are noted as lost; the alarm is over');
      alarm = null;
    }
  }

  function unknown(): number {
    return [...looks.values()].filter((isKnown) => !isKnown).length;
  }

  return {
    note(row: UnsettledExecution, result: Settled, nextCheckInMs: number): void {
      hasLooked = true;
      faults.delete(row.executionId);
      if ('brought' in result) brought.add(result.brought);
      if (result.kind === 'ended') {
        looks.delete(row.executionId);
        return;
      }
      const due = result.kind === 'waiting' ? Math.min(result.forMs, nextCheckInMs) : nextCheckInMs;
      const check: SaveCheck = { executionId: row.executionId, ...result.diagnosis, nextCheckInMs: due };
      if (result.kind !== 'unknown') looks.set(row.executionId, true);
      else if (wasAlive(row)) {
        looks.set(row.executionId, false);
        losses.push({ check, before: row.health });
        return;
      } else looks.delete(row.executionId);
      checks.push(check);
    },

    /** An execution that the ledger or the engine would not take: seen again in a period, with the reason. */
    noteFault(row: UnsettledExecution, error: unknown, nextCheckInMs: number): void {
      faults.add(row.executionId);
      const reason = faultSentence(error);
      const remedy = 'Compare it with Temporal: runledger explain, with its id';
      checks.push({ executionId: row.executionId, health: 'late', reason, remedy, nextCheckInMs });
    },

    /**
     * The checks since the last call. Where Temporal suddenly knows hardly any execution that was alive, it alarms, and what
     * seems lost keeps its health; but it counts as looked at, so that the others get their turn.
     */
    takeChecks(): SaveCheck[] {
      const suspicious = isSuspicious();
      setAlarm(suspicious);
      hasLooked = false;
      const taken = checks;
      for (const { check, before } of losses) {
        if (suspicious) taken.push({ ...check, health: before ?? 'late', reason: HELD, remedy: HELD_REMEDY });
        else {
          looks.delete(check.executionId);
          taken.push(check);
        }
      }
      checks = [];
      losses = [];
      return taken;
    },

    get alarm() {
      return alarm;
    },
    /** Parts brought in the last hour to rows whose status was right. */
    broughtParts: (): Record<ExecutionPart, number> => brought.lastHour(),
    /** Unsettled executions that differ from the engine, as far as known; what was settled or deleted since does not. */
    diverging(isUnsettled: (executionId: string) => boolean): number {
      for (const id of faults) if (!isUnsettled(id)) faults.delete(id);
      return faults.size;
    },
  };
}

export type ReconcileGuard = ReturnType<typeof createReconcileGuard>;

/** Whether this ledger has seen it alive in the engine: what was imported, or lost before, is not news when it is not found. */
function wasAlive({ firstRunId, health }: UnsettledExecution): boolean {
  return firstRunId !== null && health !== null && health !== 'lost';
}
