import type { Calls } from './count-calls.ts';

/** What a follower is told in its first message. */
export interface Task {
  temporalAddress: string;
  supabaseUrl: string;
  supabaseKey: string;
  /** For the naive follower, which keeps its own list. */
  executions: OpenExecution[];
  /** Naive: what to do when `result()` gives up. */
  insists: boolean;
}

export interface OpenExecution {
  executionId: string;
  workflowId: string;
  runId: string;
}

/** What a follower says of itself. */
export interface Figures extends Calls {
  /** In bytes; `rss` is all that the process takes of the machine. */
  memory: Record<'rss' | 'heapTotal' | 'heapUsed' | 'external', number>;
  /** Naive: waits that ended without a result. */
  gaveUp: number;
  /** What only some kinds count. */
  more?: Record<string, number>;
}

export type Question = { ask: 'begin'; task: Task } | { ask: 'figures' };
