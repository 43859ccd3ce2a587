import type { Health } from '../proof.ts';
import type { Authority, ExecutionStatus } from '../status.ts';

/** An execution that the monitor has to follow, or one that is settled and may have been reset. */
export interface UnsettledExecution {
  executionId: string;
  /** `workflows.id`: what its usual run time is known by. */
  workflowId: string;
  namespace: string;
  temporalWorkflowId: string;
  firstRunId: string | null;
  currentRunId: string | null;
  /** The run that ended it; `null` while it is open. */
  closingRunId: string | null;
  status: ExecutionStatus;
  /** Who says that it ended; `null` while it is open. `engine` means settled. */
  authority: Authority | null;
  startedAt: string;
  /** When it was registered; `null` once its first run is known. */
  registeredAt: string | null;
  engineStartedAt: string | null;
  firstTaskAt: string | null;
  runCount: number;
  /** It was registered without its input (adopted, for one), and nobody has read it from the engine yet. */
  lacksInput: boolean;
  /** When a report ended it; `null` while it is open. */
  reportedAt: string | null;
  /** Age of that report in milliseconds by the database's clock, as of this read; `null` while it is open. */
  reportedForMs: number | null;
  cancelRequestedAt: string | null;
  cancelRequestedBy: string | null;
  cancelReason: string | null;
  /** The ledger may start it until then; `null`: it only follows. */
  startBy: string | null;
  /** By the database's clock, as of this read. */
  isPastStartBy: boolean;
  /** When the reconciler last asked the engine about it; `null`: never yet. */
  lastCheckAt: string | null;
  /** What that check found; `null`: never checked, or not read with this row. */
  health: Health | null;
  /** Since when it is settled although the engine does not know it; `null` for every other. */
  lostAt: string | null;
  revision: number;
}
