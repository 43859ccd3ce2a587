import type { Startable } from '@runledger/contracts';
import { createExecutionRouter } from './execution-router.ts';
import type { InputSchemas } from './input-schemas.ts';
import { createInThreadSchemas } from './input-schemas.ts';
import { keyRouter } from './key-router.ts';
import type { Limits } from './limits.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { Publishing } from './publishing.ts';
import { DEFAULT_PUBLISHING } from './publishing.ts';
import { createRowFacts } from './row-facts.ts';
import { createStartableCheck } from './startable.ts';
import { createSystemRouter } from './system-router.ts';
import { router } from './trpc.ts';
import { createWorkflowCache } from './workflow-cache.ts';
import { createWorkflowRouter } from './workflow-router.ts';

/**
 * @param options.startable What users of this host may start; whatever is not listed is refused.
 * @param options.publishing Who may publish workflows and what publishers see. Default: operators; counts only.
 * @param options.schemas Where schemas are compiled and inputs checked. Default: on the calling thread.
 * @param options.eventKey 32 secret bytes, the same in each process: subscribers who come back to another one go on after the last
 *   event. Default: random, so that they are told everything anew there.
 */
export function createAppRouter(options: {
  startable: readonly Startable[];
  limits?: Partial<Limits>;
  publishing?: Partial<Publishing>;
  schemas?: InputSchemas;
  eventKey?: Uint8Array;
}) {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const schemas = options.schemas ?? createInThreadSchemas({ maxBytes: limits.schemaBytes });
  const publishing = { ...DEFAULT_PUBLISHING, ...options.publishing };
  const rules = {
    limits,
    schemas,
    publishing,
    requireStartable: createStartableCheck(options.startable),
    workflows: createWorkflowCache(),
    names: createRowFacts(),
    eventKey: options.eventKey,
  };
  return router({
    execution: createExecutionRouter(rules),
    workflow: createWorkflowRouter(rules),
    system: createSystemRouter(limits),
    key: keyRouter,
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;
