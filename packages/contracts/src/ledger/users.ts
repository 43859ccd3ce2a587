import type { UserBatch, UserHoldings, UserSync } from '../user.ts';
import type { WorkflowSync } from '../workflow.ts';

/** Follows the host's own tables. */
export interface HostLedger {
  /** Goes on through the host's users, at most `limit` in a call: adds who is missing, marks who has left. */
  syncUsers(limit: number): Promise<UserSync>;
  /** Compares at most `limit` rows with the host's own table of definitions: what triggers missed, and views. */
  syncWorkflows(limit: number): Promise<WorkflowSync>;
  /** Deletes what is of users who left, and moves what is of those with a new id: at most `limit` executions of one user. */
  settleUsers(limit: number): Promise<UserBatch>;
}

/** What an operator asks of the host's tables and does about a user. */
export interface UserLedger {
  /** Why the host's own tables cannot be followed, one sentence each, as the last syncs found. */
  hostProblems(): Promise<string[]>;
  /** What `forgetUser` would delete; `null`: there is no such user. */
  describeUser(userId: string): Promise<UserHoldings | null>;
  /**
   * Forgets a user: nobody reads with their token any more, nothing new is admitted, and this and the next calls delete at most
   * `limit` executions each, until it is `done`. @throws `not_found`
   */
  forgetUser(userId: string, limit: number): Promise<UserBatch>;
}
