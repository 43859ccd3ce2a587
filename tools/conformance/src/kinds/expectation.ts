import type { ExecutionStatus } from '@runledger/contracts';

/** One chain of runs in Temporal. */
export interface Chain {
  workflowId: string;
  firstRunId: string;
}

/** What must be true at the end of what one kind started. */
export interface Expectation extends Chain {
  status: ExecutionStatus;
  /** Runs of the chain. `null`: as many as there are. */
  runs: number | null;
  /** Rows in the ledger: none where nobody announced it and no rule adopts it. */
  rows: 0 | 1;
  verdict: string | null;
}

export const expects = (
  { workflowId, firstRunId }: Chain,
  status: Expectation['status'],
  more: Partial<Pick<Expectation, 'runs' | 'rows' | 'verdict'>> = {},
): Expectation => ({ workflowId, firstRunId, status, runs: 1, rows: 1, verdict: null, ...more });
