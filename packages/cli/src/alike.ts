import type { Execution } from '@runledger/contracts';
import { createExecutionReader } from '@runledger/execution-service';
import type { Connections } from './connections.ts';

/** Others that failed for the same cause. */
export interface Alike {
  failureGroup: string;
  /** Without the one that is explained. */
  others: number;
  /** When the first of all was started. */
  since: string;
}

const WINDOW_MS = 24 * 3_600_000;
/** Whoever has the service role's key sees everybody's. */
const EVERYBODY = { userId: '', everybody: true } as const;

/** Those of its workflow that failed like it within a day. `null`: it has not failed, or is the only one. */
export async function findAlike(
  { supabase }: Pick<Connections, 'supabase'>,
  { id, workflowId, errorMessage }: Pick<Execution, 'id' | 'workflowId' | 'errorMessage'>,
): Promise<Alike | null> {
  if (errorMessage === null) return null;
  const reader = createExecutionReader({ asCaller: supabase, asService: supabase });
  const page = await reader.list(EVERYBODY, { ids: [id] }, { limit: 1, cursor: null });
  const failureGroup = page[0]?.failureGroup ?? null;
  if (failureGroup === null) return null;
  const from = new Date(Date.now() - WINDOW_MS).toISOString();
  const { groups } = await reader.failureGroups(EVERYBODY, { from, workflowId, failureGroup }, 1);
  const group = groups[0];
  const isCounted = page[0] !== undefined && group?.firstSeenAt != null && page[0].startedAt >= group.firstSeenAt;
  const others = (group?.executions ?? 0) - (isCounted ? 1 : 0);
  return group?.firstSeenAt && others > 0 ? { failureGroup, others, since: group.firstSeenAt } : null;
}
