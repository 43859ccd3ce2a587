import type { UsualDurations } from '../usual-durations.ts';

/** Whose names and durations rows of a list need. */
export interface RowFactsRequest {
  workflowIds: string[];
  userIds: string[];
  /** Workflows of which the usual durations are wanted, as the viewer may know them. */
  usualOf: string[];
  viewer: string;
}

/** By id; what is not known is left out, or `null`. */
export interface RowFacts {
  workflows: Record<string, { name: string; redact: string[] }>;
  users: Record<string, string | null>;
  usual: Record<string, UsualDurations | null>;
}

/** Tells what people call things. */
export interface NamesLedger {
  /** In one request, whoever the workflows and users are: only for rows that their reader may see. */
  describeRows(request: RowFactsRequest): Promise<RowFacts>;
  /** Names of those among these users who have executions of the workflow, by id. */
  userNames(ids: string[], workflowId: string): Promise<Record<string, string | null>>;
}
