import { z } from 'zod';
import { Timestamp } from './execution.ts';
import { Json } from './json.ts';
import { TemporalId } from './temporal-id.ts';

const durationText = z.string().regex(/^\d+(ms|s|m|h|d)$/, 'a duration like 30s, 15m, 2h or 7d');

export const RetryPolicy = z.object({
  maximumAttempts: z.number().int().min(1).max(1000).optional(),
  initialInterval: durationText.optional(),
  maximumInterval: durationText.optional(),
  backoffCoefficient: z.number().min(1).max(100).optional(),
  nonRetryableErrorTypes: z.array(z.string().max(200)).max(50).optional(),
});
export type RetryPolicy = z.infer<typeof RetryPolicy>;

const definition = {
  name: z.string().trim().min(1).max(200),
  description: z.string().max(2_000).nullable(),
  temporalNamespace: TemporalId,
  /** Temporal workflow type. */
  workflowType: TemporalId,
  taskQueue: TemporalId,
  /** JSON Schema (draft 2020-12 or 7) that every input must satisfy; `null` takes any input. */
  inputSchema: z.record(z.string(), Json).nullable(),
  /** Temporal's workflow execution timeout; covers the whole chain. */
  executionTimeout: durationText.nullable(),
  /** Temporal's workflow run timeout; covers one run. */
  runTimeout: durationText.nullable(),
  retryPolicy: RetryPolicy.nullable(),
  /** `published`: every user of the application may start it. `private`: only its owner. */
  visibility: z.enum(['private', 'published']),
};

export const CreateWorkflowInput = z.object({
  ...definition,
  description: definition.description.default(null),
  temporalNamespace: definition.temporalNamespace.default('default'),
  inputSchema: definition.inputSchema.default(null),
  executionTimeout: definition.executionTimeout.default(null),
  runTimeout: definition.runTimeout.default(null),
  retryPolicy: definition.retryPolicy.default(null),
  visibility: definition.visibility.default('private'),
});
export type CreateWorkflowInput = z.input<typeof CreateWorkflowInput>;

/** What is left out stays as it is: hence no defaults, which zod would fill in for optional fields too. */
export const UpdateWorkflowInput = z
  .object({ ...definition, archived: z.boolean() })
  .omit({ temporalNamespace: true })
  .partial();
export type UpdateWorkflowInput = z.input<typeof UpdateWorkflowInput>;

/** What can be run: a row of `workflows`. */
export const Workflow = z.object({
  id: z.uuid(),
  /** The owner. */
  userId: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  temporalNamespace: z.string(),
  workflowType: z.string(),
  taskQueue: z.string(),
  inputSchema: z.record(z.string(), Json).nullable(),
  executionTimeout: z.string().nullable(),
  runTimeout: z.string().nullable(),
  retryPolicy: RetryPolicy.nullable(),
  visibility: z.enum(['private', 'published']),
  archivedAt: Timestamp.nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Workflow = z.infer<typeof Workflow>;

/** What a host lets users start: workflow definitions may only name what is listed. */
export const Startable = z.object({ namespace: z.string(), workflowType: z.string(), taskQueue: z.string() });
export type Startable = z.infer<typeof Startable>;

/** Definitions of workflows. Every call carries the user for whom it acts. */
export interface WorkflowService {
  /** The user's own and all published ones that are not archived, by name. At most 500. */
  listWorkflows(userId: string): Promise<Workflow[]>;
  /** `null` unless it is the user's own or published. */
  getWorkflow(id: string, userId: string): Promise<Workflow | null>;
  createWorkflow(userId: string, input: CreateWorkflowInput): Promise<Workflow>;
  /** @throws ExecutionError `not_found` unless the user owns it. */
  updateWorkflow(id: string, userId: string, input: UpdateWorkflowInput): Promise<Workflow>;
}
