import type { ExecutionSummary, WorkflowService } from '@runledger/contracts';
import QuickLRU from 'quick-lru';

/** Names kept of each project; for a while up to twice as many. */
const KEPT = 10_000;
/** For how long a name is believed, in milliseconds. */
const KEPT_MS = 60_000;

/** An execution of a list, with what people call its workflow; an empty name where the workflow is gone. */
type NamedExecution = ExecutionSummary & { workflow: { id: string; name: string } };

export interface WorkflowNames {
  /** Names the workflows of executions that their caller may see: one request for those that are not known, none otherwise. */
  name(service: WorkflowService, executions: readonly ExecutionSummary[]): Promise<NamedExecution[]>;
}

/** Knows what workflows are called, as of a minute ago at most. */
export function createWorkflowNames(): WorkflowNames {
  // A host may serve several projects with one router.
  const caches = new WeakMap<WorkflowService, QuickLRU<string, string>>();
  return {
    async name(service, executions) {
      const cache = caches.get(service) ?? new QuickLRU<string, string>({ maxSize: KEPT, maxAge: KEPT_MS });
      caches.set(service, cache);
      const names = new Map<string, string>();
      const unknown = new Set<string>();
      for (const { workflowId } of executions) {
        const name = cache.get(workflowId);
        if (name === undefined) unknown.add(workflowId);
        else names.set(workflowId, name);
      }
      if (unknown.size > 0)
        for (const [id, name] of await service.workflowNames([...unknown])) {
          cache.set(id, name);
          names.set(id, name);
        }
      return executions.map((execution) => ({
        ...execution,
        workflow: { id: execution.workflowId, name: names.get(execution.workflowId) ?? '' },
      }));
    },
  };
}
