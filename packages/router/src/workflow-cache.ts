import type { Workflow, WorkflowService } from '@runledger/contracts';
import QuickLRU from 'quick-lru';

/** Workflows kept of each project, for a while up to twice as many: a schema has 32 KB at most. */
const KNOWN = 500;
/** For how long one is believed that follows a view of the host's, whose changes nobody tells. Milliseconds. */
const KNOWN_MS = 60_000;

/** Workflows as they were last read, for whoever may use them. */
export interface WorkflowCache {
  known(service: WorkflowService, userId: string, ref: string): Workflow | null;
  /** Reads it anew; `null`: the user may not use it, or there is none. */
  read(service: WorkflowService, userId: string, ref: string): Promise<Workflow | null>;
}

/**
 * Spares a start the reading of its workflow. It may be out of date: what is decided by it holds only where the ledger finds
 * it unchanged (`AdmissionLedger.admit`), and nobody is refused by it before it was read anew.
 */
export function createWorkflowCache(): WorkflowCache {
  // A host may serve several projects with one router.
  const caches = new WeakMap<WorkflowService, QuickLRU<string, Workflow>>();
  const cacheOf = (service: WorkflowService) => {
    const cache = caches.get(service) ?? new QuickLRU<string, Workflow>({ maxSize: KNOWN, maxAge: KNOWN_MS });
    caches.set(service, cache);
    return cache;
  };
  const keyOf = (userId: string, ref: string) => JSON.stringify([userId, ref]);
  return {
    known: (service, userId, ref) => cacheOf(service).get(keyOf(userId, ref)) ?? null,
    async read(service, userId, ref) {
      const workflow = await service.getWorkflow(ref, userId);
      if (workflow) cacheOf(service).set(keyOf(userId, ref), workflow);
      else cacheOf(service).delete(keyOf(userId, ref));
      return workflow;
    },
  };
}
