import type { ExecutionRow, Health } from '@runledger/contracts';
import { HEALTHS } from '@runledger/contracts';
import { createExecutionReader } from '@runledger/execution-service';
import type { Connections } from './connections.ts';

/** A row with what people call its workflow and its user. */
export type TopRow = ExecutionRow & {
  workflowName: string;
  /** `null` where it is not known. */
  userName: string | null;
};

/** What there is at a moment. */
export interface TopFacts {
  rows: TopRow[];
  open: number;
  isCapped: boolean;
  health: Record<Health, number>;
  /** By this machine's clock, in milliseconds. */
  readAt: number;
}

/** Whoever has the service role's key sees everybody's; reads that ask for a user get none. */
const EVERYBODY = { userId: '', everybody: true } as const;

export interface TopWanted {
  limit: number;
  /** Without those that have ended. */
  isOpenOnly: boolean;
}

/** Reads the newest executions of everybody, and how all that are open stand. */
export function createTopReader({ supabase, ledger }: Pick<Connections, 'supabase' | 'ledger'>) {
  const reader = createExecutionReader({ asCaller: supabase, asService: supabase, call: { retries: 0 } });
  return async ({ limit, isOpenOnly }: TopWanted): Promise<TopFacts> => {
    const filter = isOpenOnly ? { status: ['pending' as const, 'running' as const] } : {};
    const [page, counts] = await Promise.all([
      reader.list(EVERYBODY, filter, { limit, cursor: null }),
      reader.countByHealth(EVERYBODY),
    ]);
    const { workflows, users } = await ledger.describeRows({
      viewer: '',
      workflowIds: [...new Set(page.map(({ workflowId }) => workflowId))],
      userIds: [...new Set(page.map(({ createdBy }) => createdBy))],
      usualOf: [],
    });
    const rows = page.map((row) => ({
      ...row,
      workflowName: workflows[row.workflowId]?.name ?? 'a deleted workflow',
      userName: users[row.createdBy] ?? null,
    }));
    const health = Object.fromEntries(HEALTHS.map((name) => [name, counts.health[name] ?? 0])) as Record<
      Health,
      number
    >;
    return { rows, open: counts.open, isCapped: counts.exactness === 'capped', health, readAt: Date.now() };
  };
}
