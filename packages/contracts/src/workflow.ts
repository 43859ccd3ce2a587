import { z } from 'zod';
import { durationMs, durationText } from './duration-text.ts';
import { Timestamp } from './execution.ts';
import { DEFINITION_TEXT, DURATION_BOUNDS, NON_RETRYABLE_TYPES, RARE_RETRIES, RETRY_ATTEMPTS } from './facts/limits.ts';
import { Json, JsonObject } from './json.ts';
import { Redaction } from './redaction-rules.ts';
import { TemporalId } from './temporal-id.ts';

/** As a row has it; what a definition may ask for is bounded more tightly. */
export const RetryPolicy = z.object({
  /** Without it attempts never end. */
  maximumAttempts: z.number().int().optional(),
  /** Default: Temporal's, 1 s. */
  initialInterval: z.string().optional(),
  /** Default: Temporal's, a hundred times the first. */
  maximumInterval: z.string().optional(),
  backoffCoefficient: z.number().optional(),
  nonRetryableErrorTypes: z.array(z.string()).optional(),
});
export type RetryPolicy = z.infer<typeof RetryPolicy>;

export const Timeout = durationText(DURATION_BOUNDS.timeout.least, DURATION_BOUNDS.timeout.most);
export const StartDelay = durationText(DURATION_BOUNDS.startDelay.least, DURATION_BOUNDS.startDelay.most);
const interval = durationText(DURATION_BOUNDS.retryInterval.least, DURATION_BOUNDS.retryInterval.most);
/** Temporal's own. */
const DEFAULT_INTERVAL = '1s';
/** The longest interval, in first intervals: Temporal's own. */
const DEFAULT_GROWTH = 100;

/** How often and how fast runs may follow one another. */
const BoundedRetryPolicy = z
  .object({
    maximumAttempts: z.number().int().min(1).max(1_000).optional(),
    initialInterval: interval.optional(),
    maximumInterval: interval.optional(),
    backoffCoefficient: z.number().min(1).max(100).optional(),
    nonRetryableErrorTypes: z
      .array(z.string().max(NON_RETRYABLE_TYPES.characters))
      .max(NON_RETRYABLE_TYPES.count)
      .optional(),
  })
  .superRefine((policy, context) => {
    const { maximumAttempts, initialInterval = DEFAULT_INTERVAL, maximumInterval, backoffCoefficient = 2 } = policy;
    const first = durationMs(initialInterval) ?? 0;
    const longest = maximumInterval === undefined ? DEFAULT_GROWTH * first : (durationMs(maximumInterval) ?? 0);
    const becomesRare = backoffCoefficient >= RARE_RETRIES.coefficient && longest >= RARE_RETRIES.intervalMs;
    const { attempts } = RETRY_ATTEMPTS.find(({ fromMs }) => first >= fromMs) ?? { attempts: null };
    if (!becomesRare && attempts !== null && (maximumAttempts ?? Number.POSITIVE_INFINITY) > attempts) {
      const rare = 'without an end only from 10s on, or where intervals grow to 10s by a coefficient of 1.5 or more';
      const message = `must be from 1 to ${attempts} where the first interval is ${initialInterval}; ${rare}`;
      context.addIssue({ code: 'custom', path: ['maximumAttempts'], message });
    }
    if (longest < first) {
      const message = `must be at least the first interval, ${initialInterval}`;
      context.addIssue({ code: 'custom', path: ['maximumInterval'], message });
    }
  });

const definition = {
  name: z.string().trim().min(1).max(DEFINITION_TEXT.name),
  description: z.string().max(DEFINITION_TEXT.description).nullable(),
  temporalNamespace: TemporalId,
  /** Temporal workflow type. */
  workflowType: TemporalId,
  taskQueue: TemporalId,
  /** JSON Schema (draft 2020-12 or 7) that every input must satisfy; `null` takes any input. */
  inputSchema: z.record(z.string(), Json).nullable(),
  /** Temporal's workflow execution timeout; covers the whole chain. */
  executionTimeout: Timeout.nullable(),
  /** Temporal's workflow run timeout; covers one run. */
  runTimeout: Timeout.nullable(),
  retryPolicy: BoundedRetryPolicy.nullable(),
  /** `published`: every user of the application may start it, and the host says who may publish. `private`: only its owner. */
  visibility: z.enum(['private', 'published']),
  /**
   * What the API hides of its executions, as JSON pointers (`/input/card/number`, `/output/token`, `/failure`): in every
   * answer, stream and export, of those that have ended too. Only who may see it in clear may hide less later.
   */
  redact: Redaction,
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
  redact: definition.redact.default([]),
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
  inputSchema: JsonObject.nullable(),
  executionTimeout: z.string().nullable(),
  runTimeout: z.string().nullable(),
  retryPolicy: RetryPolicy.nullable(),
  visibility: z.enum(['private', 'published']),
  /** What the API hides of its executions, as JSON pointers. */
  redact: z.array(z.string()),
  archivedAt: Timestamp.nullable(),
  /** The key of the host's own row that it follows, as text; `null`: it follows none. */
  hostId: z.string().nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Workflow = z.infer<typeof Workflow>;

/** A row of the list of what a user may start. */
export const ListedWorkflow = Workflow.extend({
  /** Who publishes it to all users, with their name where one is known; `null` of a private one. */
  publisher: z.object({ userId: z.string(), name: z.string().nullable() }).nullable(),
});
export type ListedWorkflow = z.infer<typeof ListedWorkflow>;

/** One page of them. */
export const WorkflowPage = z.object({
  items: z.array(ListedWorkflow),
  /** `null` at the end. */
  nextCursor: z.string().nullable(),
});
export type WorkflowPage = z.infer<typeof WorkflowPage>;

/** A workflow as an application names it: by its id here, or by the key of the host's own row that it follows. */
export const WorkflowRef = z.string().trim().min(1).max(255);

/** What the host lets a user do with definitions. */
export interface DefinitionRights {
  /** Whether they may publish to all users. Default: no. */
  mayPublish?: boolean;
  /** Whether they may show again what a definition of theirs redacts. Default: no. */
  mayReveal?: boolean;
  /** How many definitions they may have, archived ones included, those that follow the host's table not. Default 1,000. */
  atMost?: number;
}

/** What one turn of the sync with the host's own table of definitions did. */
export interface WorkflowSync {
  /** The table or view that is followed; `null`: none. */
  source: string | null;
  /** It is followed, and not there any more. */
  isMissing: boolean;
  /** Why it cannot be followed as it is now, as a sentence. */
  problem: string | null;
  /** Rows that were compared, on both sides. */
  examined: number;
  changed: number;
  /** Definitions whose rows the host has no more. */
  archived: number;
  /** A pass is complete: the next turn begins a new one. */
  done: boolean;
}

/** What a host lets users start: workflow definitions may only name what is listed. */
export const Startable = z.object({ namespace: z.string(), workflowType: z.string(), taskQueue: z.string() });
export type Startable = z.infer<typeof Startable>;

/** Definitions of workflows. Every call carries the user for whom it acts. */
export interface WorkflowService {
  /**
   * The user's own first, then what others publish, each by name; archived ones are left out.
   * `limit`: 1 to 200, default 100. @throws ExecutionError `invalid_cursor`
   */
  listWorkflows(userId: string, page?: { limit?: number; cursor?: string | null }): Promise<WorkflowPage>;
  /** By its id, or by the key of the host's row that it follows. `null` unless it is the user's own or published. */
  getWorkflow(ref: string, userId: string): Promise<Workflow | null>;
  /** @throws ExecutionError `permission_denied` (publishing), `quota_exceeded` (too many definitions) */
  createWorkflow(userId: string, input: CreateWorkflowInput, rights?: DefinitionRights): Promise<Workflow>;
  /**
   * @throws ExecutionError `not_found` unless the user owns it, `permission_denied` where others may start it then and
   *   the user may not publish, or it redacts less and they may not reveal, `conflict` for what follows the host's own table
   */
  updateWorkflow(id: string, userId: string, input: UpdateWorkflowInput, rights?: DefinitionRights): Promise<Workflow>;
}
