import type { InputSchemas } from './input-schemas.ts';
import type { Limits } from './limits.ts';
import type { Publishing } from './publishing.ts';
import type { RowFactsCache } from './row-facts.ts';
import type { RequireStartable } from './startable.ts';
import type { WorkflowCache } from './workflow-cache.ts';

/** What a host lets its users define and start. */
export interface ExecutionRules {
  limits: Limits;
  publishing: Publishing;
  requireStartable: RequireStartable;
  schemas: InputSchemas;
  workflows: WorkflowCache;
  names: RowFactsCache;
  /** Seals the ids of events. */
  eventKey: Uint8Array | undefined;
}
