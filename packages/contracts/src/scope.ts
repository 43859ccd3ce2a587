/** What one caller of the API sees. The one scope predicate: own executions, or those of a workflow that the caller owns. */
export interface Scope {
  userId: string;
  /** Set to a workflow that the caller owns to see all users' executions of it. */
  ownedWorkflowId?: string;
}
