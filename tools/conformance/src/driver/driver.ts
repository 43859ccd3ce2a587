import type { ExecutionService } from '@runledger/contracts';
import type { WorkflowStartOptions } from '@temporalio/client';
import type { Chain } from '../kinds/expectation.ts';
import type { Step } from '../steps.ts';
import type { DefinitionName } from '../system/definitions.ts';
import type { User } from '../system/users.ts';

/** Starts in Temporal, past Runledger. */
interface StartOptions {
  /** Default `script`. */
  workflowType?: string;
  workflowId?: string;
  more?: Partial<WorkflowStartOptions>;
}

/** What the kinds do. Every call is repeated through outages; each acts once, however often it is repeated. */
export interface Driver {
  /** How long this execution takes its time: most a second, some longer than a fault. */
  pauseMs: number;
  user: User;
  service: ExecutionService;

  startByApi(definition: DefinitionName, steps: Step[]): Promise<Chain>;
  cancelByApi(chain: Chain): Promise<void>;
  terminateByApi(chain: Chain): Promise<void>;

  /** An app that records what it starts itself. Without a chain it announces the workflow id only. */
  register(chain: Chain | { workflowId: string }, definition?: DefinitionName): Promise<string>;
  /** Waits until the ledger says that the execution has ended, on the engine's authority; gives up quietly. */
  untilSettled(chain: Chain): Promise<void>;

  newWorkflowId(): string;
  start(steps: Step[], options?: StartOptions): Promise<Chain>;
  signal(chain: Chain): Promise<void>;
  /** Answers whether it was open. */
  signalIfOpen(chain: Chain): Promise<boolean>;
  cancel(chain: Chain): Promise<void>;
  terminate(chain: Chain): Promise<void>;
  /** To the first workflow task of the run (default: the first one). Resolves with the run that goes on. */
  reset(chain: Chain, options?: { runId?: string; without?: readonly ('signals' | 'cancel')[] }): Promise<string>;
  /** From the first run, however often that was reset before. */
  resetAgain(chain: Chain): Promise<string>;
  /** Waits until its worker has begun with it. */
  untilBegun(chain: Chain): Promise<void>;
  untilClosed(chain: Chain): Promise<void>;
  /** Waits until the chain has `runs` runs; gives the newest one. */
  untilRuns(chain: Chain, runs: number): Promise<string>;
  /** Lets a schedule start the script twice, and deletes it. */
  runSchedule(workflowType: string, steps: Step[]): Promise<Chain[]>;
}
