import type { Execution } from './execution.ts';

/** Where an adopted execution's user is named. */
export type AdoptionUser = { searchAttribute: string } | { memo: string } | { userId: string };

/**
 * Which runs that nobody announced become executions: schedules, the command line, other services. Host configuration,
 * never rows that users can write. All given parts must match; the first rule that does decides.
 */
export interface AdoptionRule {
  /** Temporal workflow type; any when left out. */
  workflowType?: string;
  /** Any when left out. */
  taskQueue?: string;
  user: AdoptionUser;
  /**
   * The workflow (row id) they belong to. Default: the oldest one of that namespace, type and task queue that is the
   * user's own or published.
   */
  workflowId?: string;
}

/** A run to adopt. Repeating it, or adopting what is known, changes nothing. */
export interface AdoptRun {
  namespace: string;
  workflowId: string;
  firstRunId: string;
  workflowType: string;
  taskQueue: string;
  userId: string;
  /** The engine's start, ISO 8601. */
  startedAt: string;
  /** `workflows.id`; `null`: by type and task queue. */
  definitionId: string | null;
}

/**
 * - `adopted`: it is an execution now. `known`: it was one already.
 * - `unknown_user`: the user is not in `public.users`. `unknown_workflow`: no row in `workflows` matches.
 */
export type AdoptResult = 'adopted' | 'known' | 'unknown_user' | 'unknown_workflow';

export interface AdoptAnswer {
  result: AdoptResult;
  executionId: Execution['id'] | null;
}
