import type { StartRequest } from '../engine.ts';
import type { ExecutionError } from '../errors.ts';
import type { Execution, GivenColumns } from '../execution.ts';
import type { Json } from '../json.ts';
import type { QuotaUse } from '../quota.ts';
import type { Workflow } from '../workflow.ts';

/** How an execution is started, where its request says otherwise than its workflow. */
export interface StartOptions {
  startDelayMs?: number;
  /** `30s`, `15m`, `2h` or `7d`. */
  executionTimeout?: string;
  runTimeout?: string;
}

/** What the router asks the ledger to admit. The row's id becomes the Temporal workflow id. */
export interface AdmitRequest extends GivenColumns {
  /** What the request was checked against, and for whom. */
  workflow: Workflow;
  userId: string;
  input: Json | null;
  /** The same key with the same input within 24 hours gives the same execution; with another input, `conflict`. */
  idempotencyKey: string | null;
  /** How long from now the ledger may still start it itself, in milliseconds. */
  startWithinMs: number;
  /** Where the request says otherwise than its workflow; kept for a start that has to be repeated. */
  startOptions?: StartOptions;
  /** The user's own execution that this one repeats; noted with both. */
  rerunOf?: { executionId: string; reason: string | null };
}

export interface Admission {
  /** As it stands. */
  execution: Execution;
  /** `false`: an earlier request with the same idempotency key made it. */
  created: boolean;
}

/** Takes what users ask for. */
export interface AdmissionLedger {
  /**
   * Admits one execution and inserts it as `pending`, in one call. `null`: the workflow has changed since it was read
   * (`updatedAt`), so that nothing is known of who may use it and what it takes; read it again.
   * @throws `not_found` (workflow, or what it repeats), `not_startable` (archived), `unknown_user`, `conflict` (idempotency key),
   *   `quota_exceeded`
   */
  admit(request: AdmitRequest): Promise<Admission | null>;
  /**
   * Admits several of one user in one call, each answered in its place as `admit` would: one that is refused is an error
   * there, and keeps back no other. At most 1,000.
   */
  admitEach(userId: string, requests: AdmitRequest[]): Promise<(Admission | ExecutionError | null)[]>;
  /**
   * The limits that apply to a user and what is used of them: in a workflow, or without one all that there are for the
   * user in their own and published workflows.
   */
  quotas(userId: string, workflowId?: string): Promise<QuotaUse[]>;
}

/** A pending execution that is to be started. The ledger only names those whose `startBy` is in the future. */
export interface PendingStart extends StartRequest {
  executionId: string;
}

/** Knows what was admitted and never started. */
export interface StartLedger {
  /** Pending executions that wait for a start for longer than `olderThanMs` and may still be started. */
  pendingStarts(namespace: string, olderThanMs: number, limit: number): Promise<PendingStart[]>;
}
