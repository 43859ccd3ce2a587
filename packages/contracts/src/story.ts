import type { Execution } from './execution.ts';
import type { UnsettledExecution } from './ledger/unsettled-execution.ts';
import type { ChainRun, TransitionSource } from './outcome.ts';
import type { ExecutionHealth } from './proof.ts';
import type { Authority, ExecutionStatus, TerminalStatus } from './status.ts';
import type { Timeline } from './timeline.ts';

/** One change of status. Confirming a report keeps the status and changes the authority. */
export interface ExecutionTransition {
  fromStatus: ExecutionStatus | null;
  toStatus: ExecutionStatus;
  at: string;
  source: TransitionSource;
  authority: Authority;
  actor: string | null;
  runId: string | null;
  reason: string | null;
  /** The row that turned out to be this execution, where the change says that. */
  mergedExecutionId: string | null;
}

/** A report and the answer it got. */
export interface ExecutionReport {
  reportedAt: string;
  status: TerminalStatus;
  actor: string | null;
  result: 'applied' | 'already_terminal' | 'conflict';
}

/** Everything the ledger holds of one execution. */
export interface ExecutionStory {
  execution: Execution;
  workflowName: string;
  /** As the monitor sees it; `null` for direct executions. */
  followed: UnsettledExecution | null;
  /** Oldest first. */
  transitions: ExecutionTransition[];
  /** Oldest first, the newest 100; without run numbers. */
  runs: Omit<ChainRun, 'runNumber' | 'wasEnd'>[];
  reports: ExecutionReport[];
  /** `null` once it is settled. */
  health: ExecutionHealth | null;
  /** `null` while it is open. */
  timeline: Timeline | null;
}
