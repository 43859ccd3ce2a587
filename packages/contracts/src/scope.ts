/**
 * What one caller of the API sees. The one scope predicate: own executions, those of a workflow that the caller owns, or
 * everybody's for an operator of the host.
 */
export interface Scope {
  /** Who asks. */
  userId: string;
  /** Set to a workflow that the caller owns to see all users' executions of it. */
  ownedWorkflowId?: string;
  /** Set for an operator, to see everybody's executions. */
  everybody?: true;
}
