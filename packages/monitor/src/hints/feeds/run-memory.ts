import { LRUCache } from 'lru-cache';

/** Far more than any overlap shows again; about 5 MB. */
const RUNS = 50_000;

/** Runs about which there is nothing left to do. Forgetting one costs a question to the ledger, never an outcome. */
export function createRunMemory() {
  const runs = new LRUCache<string, true>({ max: RUNS });
  return {
    has: (runId: string) => runs.has(runId),
    add(runId: string) {
      runs.set(runId, true);
    },
  };
}
