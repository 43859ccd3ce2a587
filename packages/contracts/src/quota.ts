import { z } from 'zod';
import { Timestamp } from './execution.ts';

/** Hours, days and months are those of the calendar in UTC. All but `storedBytes` count executions. */
export const QuotaKind = z.enum([
  'executionsPerHour',
  'executionsPerDay',
  'executionsPerMonth',
  'concurrentExecutions',
  'storedBytes',
]);
export type QuotaKind = z.infer<typeof QuotaKind>;

/** One limit as it applies to one user, and how much of it is used. */
export const QuotaUse = z.object({
  kind: QuotaKind,
  /** Most executions, or bytes. 0: none is allowed. */
  limit: z.number().int(),
  /**
   * Executions of this hour, day or month that were admitted since the quota was set, deleted ones included; or executions that
   * are pending or running now, counted no further than the limit. Of `storedBytes`: what the user's executions and definitions
   * keep now, as Postgres stores it.
   */
  used: z.number().int(),
  /** When `used` begins at 0 again; `null` for concurrent executions, which free when one of them ends, and for stored bytes. */
  freesAt: Timestamp.nullable(),
  /** `null`: all workflows together. */
  workflowId: z.uuid().nullable(),
});
export type QuotaUse = z.infer<typeof QuotaUse>;

const limit = z.number().int().min(0).max(2_147_483_647).nullable().optional();

/** Limits of a user in a workflow. What is left out stays as it is; `null` takes a limit away. */
export const SetQuotaInput = z
  .object({
    /** `null`: every user, each by itself. */
    userId: z.string().min(1).nullable(),
    /** `null`: all workflows together. */
    workflowId: z.uuid().nullable(),
    executionsPerHour: limit,
    executionsPerDay: limit,
    executionsPerMonth: limit,
    /** Pending and running executions at a time. */
    concurrentExecutions: limit,
    /** Bytes that inputs, outputs, metadata and definitions take in the ledger; of all workflows together only. */
    storedBytes: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().optional(),
  })
  .refine(({ workflowId, storedBytes }) => workflowId === null || (storedBytes ?? null) === null, {
    path: ['storedBytes'],
    message: 'limits all workflows together: set it without a workflow',
  });
export type SetQuotaInput = z.input<typeof SetQuotaInput>;

/** Whom and what a quota limits. */
export type QuotaScope = Pick<SetQuotaInput, 'userId' | 'workflowId'>;

export interface Quota extends QuotaScope {
  id: string;
  executionsPerHour: number | null;
  executionsPerDay: number | null;
  executionsPerMonth: number | null;
  concurrentExecutions: number | null;
  storedBytes: number | null;
  createdAt: string;
  updatedAt: string;
}

/**
 * Limits of what users start through the API. To one user in one workflow apply at most two: the one for that workflow and the
 * one for all together. A per-user quota overrides the default; one without limits exempts that user.
 */
export interface QuotaService {
  /** @throws ExecutionError `invalid_input`, `unknown_user`, `not_found` (workflow) */
  setQuota(input: SetQuotaInput): Promise<Quota>;
  /** Quotas that name this user, this workflow, or both; all of them without. By their age, oldest first. */
  listQuotas(filter?: { userId?: string; workflowId?: string }): Promise<Quota[]>;
  /** `false` when there was none. What was used of it is forgotten. */
  removeQuota(scope: QuotaScope): Promise<boolean>;
}
