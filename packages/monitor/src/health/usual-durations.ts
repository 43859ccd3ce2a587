import type { DurationLedger, UsualDuration } from '@runledger/contracts';

/** Distributions read in one call. */
const PAGE = 200;

/** Knows how long executions of each workflow usually take, as of the last time it was asked to learn it. */
export function createUsualDurations(ledger: DurationLedger) {
  let known = new Map<string, UsualDuration>();
  return {
    of: (workflowId: string): UsualDuration | null => known.get(workflowId) ?? null,
    /** Reads the distributions of these workflows anew; of others nothing is known afterwards. */
    async learn(workflowIds: Iterable<string>): Promise<void> {
      const ids = [...new Set(workflowIds)];
      const fresh = new Map<string, UsualDuration>();
      for (let start = 0; start < ids.length; start += PAGE) {
        for (const usual of await ledger.usualDurations(ids.slice(start, start + PAGE))) {
          fresh.set(usual.workflowId, usual);
        }
      }
      known = fresh;
    },
  };
}

export type UsualDurations = ReturnType<typeof createUsualDurations>;
