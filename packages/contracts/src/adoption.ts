import { z } from 'zod';
import type { Execution } from './execution.ts';
import { TemporalId } from './temporal-id.ts';

const name = z.string().min(1);

/** Where an adopted execution's user is named. */
export const AdoptionUser = z.union(
  [z.strictObject({ searchAttribute: name }), z.strictObject({ memo: name }), z.strictObject({ userId: name })],
  { error: 'must be one of {"searchAttribute": …}, {"memo": …} and {"userId": …}' },
);
export type AdoptionUser = z.infer<typeof AdoptionUser>;

/**
 * Which runs that nobody announced become executions: schedules, the command line, other services. Host configuration,
 * never rows that users can write. All given parts must match; the first rule that does decides.
 */
export const AdoptionRule = z.strictObject({
  /** Temporal namespace; each that is followed when left out. */
  namespace: TemporalId.optional(),
  /** Temporal workflow type; any when left out. */
  workflowType: TemporalId.optional(),
  /** Any when left out. */
  taskQueue: TemporalId.optional(),
  user: AdoptionUser,
  /**
   * The workflow (row id) they belong to, whoever owns it. Default: the oldest one of that namespace, type and task queue
   * that is the user's own. An archived one is never taken.
   */
  workflowId: z.uuid().optional(),
  /** Whose published workflow of that namespace, type and task queue they belong to where the user has no own one. */
  workflowOwner: name.optional(),
});
export type AdoptionRule = z.infer<typeof AdoptionRule>;

/** A run to adopt. Repeating it, or adopting what is known, changes nothing. */
export interface AdoptRun {
  namespace: string;
  temporalWorkflowId: string;
  firstRunId: string;
  workflowType: string;
  taskQueue: string;
  userId: string;
  /** The engine's start, ISO 8601. */
  startedAt: string;
  /** `workflows.id`; `null`: by type and task queue. */
  workflowId: string | null;
  /** Without a definition id: whose published one counts beside the user's own. `null`: nobody's. */
  workflowOwner: string | null;
  /** Who asked for it by name (`runledger.users.id`). Without it, a rule did. */
  trackedBy?: string;
}

/**
 * - `adopted`: it is an execution now. `known`: it was one already.
 * - `unknown_user`: the user is not in `runledger.users`. `unknown_workflow`: no row in `workflows` matches.
 */
export type AdoptResult = 'adopted' | 'known' | 'unknown_user' | 'unknown_workflow';

export interface AdoptAnswer {
  result: AdoptResult;
  executionId: Execution['id'] | null;
}
