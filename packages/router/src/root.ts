import type { Startable } from '@runledger/contracts';
import { createExecutionRouter } from './execution-router.ts';
import { createInputSchemas } from './input-schema.ts';
import type { Limits } from './limits.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { createStartableCheck } from './startable.ts';
import { createSystemRouter } from './system-router.ts';
import { router } from './trpc.ts';
import { createWorkflowRouter } from './workflow-router.ts';

/** @param options.startable What users of this host may start; whatever is not listed is refused. */
export function createAppRouter(options: { startable: readonly Startable[]; limits?: Partial<Limits> }) {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const schemas = createInputSchemas({ maxBytes: limits.schemaBytes });
  const rules = { limits, schemas, requireStartable: createStartableCheck(options.startable) };
  return router({
    execution: createExecutionRouter(rules),
    workflow: createWorkflowRouter(rules),
    system: createSystemRouter(limits),
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;
