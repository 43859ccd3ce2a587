import type { Failure } from './failure.ts';
import type { Json } from './json.ts';
import type { TerminalStatus } from './status.ts';

/** Who noticed a change of status. */
export const TRANSITION_SOURCES = ['service', 'report', 'feed', 'watch', 'reconciler', 'user'] as const;
export type TransitionSource = (typeof TRANSITION_SOURCES)[number];

/** Why a run of the chain began. */
export const RUN_CAUSES = ['start', 'continue_as_new', 'retry', 'cron', 'reset'] as const;
export type RunCause = (typeof RUN_CAUSES)[number];

/** One Temporal run of an execution's chain. */
export interface ChainRun {
  runId: string;
  /** 1 for the first run of the chain, then in order of start. */
  runNumber: number;
  cause: RunCause;
  /** The run that handed on to it, or that it was reset from; `null` for the first, and where Temporal does not say. */
  previousRunId: string | null;
  /**
   * `continued_as_new` for a run that handed on, else how it ended; `running` while open. `unknown`, only in the ledger: it
   * is over, and Temporal no longer says how it ended.
   */
  status: TerminalStatus | 'running' | 'continued_as_new' | 'unknown';
  startedAt: string;
  closedAt: string | null;
  errorMessage: string | null;
  /** The execution had ended with this run, until a reset reopened it. */
  wasEnd: boolean;
}

/** Who asked a run to cancel, as Temporal recorded it. */
export interface CancelRequest {
  /** ISO 8601. */
  at: string;
  by: string;
  reason: string | null;
}

/** How an execution ended, as the resolver read it from Temporal. */
export interface Outcome {
  status: TerminalStatus;
  /** The run that ended the chain; `null` only for a start that the engine refused. */
  runId: string | null;
  firstRunId: string | null;
  /** The engine's close time, ISO 8601. */
  closedAt: string;
  /** Start of the first run, ISO 8601. */
  engineStartedAt: string | null;
  /** First workflow task of the first run that is still readable, ISO 8601. */
  firstTaskAt: string | null;
  /** `null` when there was none or it could not be kept. Holds exact numbers (see `exactly`) where a double would round. */
  output: Json | null;
  /** Why `output` is missing although the workflow returned something, or what was changed in it: see `OUTPUT_NOTES`. */
  outputNote: string | null;
  failure: Failure | null;
  /** One readable sentence: "Payment activity failed 3 times: card declined (CardError)". */
  errorMessage: string | null;
  /** Who terminated or cancelled it, as Temporal recorded the caller. */
  actor: string | null;
  reason: string | null;
  /** Whether somebody asked the closing run to cancel, whatever came of it; left out where the server does not say. */
  cancelRequested?: boolean;
  /** Who did; left out where nobody did, or the ledger knew already. */
  cancelRequest?: CancelRequest | null;
  /** What the first run was given; left out where the ledger did not ask for it. */
  input?: ReadInput;
  /** The chain as far as it was read this time; the ledger merges it into what it knows. */
  runs: ChainRun[];
}

/** An input as it was read from Temporal: one argument as it is, several as a list. */
export interface ReadInput {
  /** `null` when there was none or it could not be kept; the note then says why. */
  value: Json | null;
  /** As `Outcome.outputNote`. */
  note: string | null;
}

/** An execution that the engine says is open. */
export interface OpenRun {
  /** First run of the chain. */
  firstRunId: string;
  /** The run that is open now. */
  runId: string;
  engineStartedAt: string | null;
  firstTaskAt: string | null;
  cancelRequested: boolean;
  /** Who asked this run to cancel; left out where nobody did, or the ledger knew already. */
  cancelRequest?: CancelRequest | null;
  /** Temporal's own name of how it stands: `RUNNING`, `PAUSED`, or of a later server's. */
  engineStatus: string;
  /** Its workflow task fails again and again: it does nothing until its code or its data is fixed. */
  wedged: { attempts: number; failure: string | null } | null;
  /** What else keeps it from going on, as of now; none where that is not known. */
  troubles?: OpenTrouble[];
  /** What the first run was given; left out where the ledger did not ask for it. */
  input?: ReadInput;
  runs: ChainRun[];
}

/** A task queue on which something waits. */
export interface WaitedQueue {
  name: string;
  /** Workers that asked it for work within Temporal's memory of five minutes; `null` where Temporal did not say. */
  pollers: number | null;
  /** When the last of them asked, ISO 8601. */
  lastPolledAt: string | null;
}

/** What keeps an open execution from going on. Times are ISO 8601. */
export type OpenTrouble =
  /** An activity that is tried again and again and has only failed so far: of those that are like it, the one tried most. */
  | {
      kind: 'activity_fails';
      activityType: string;
      attempts: number;
      failure: string | null;
      /** When it was scheduled; `null` where that is too long ago to look it up cheaply. */
      since: string | null;
      /** How many activities are like it. */
      activities: number;
    }
  /** An activity that no worker has taken: of those that are like it, the one that waits longest. */
  | { kind: 'activity_waits'; activityType: string; since: string; queue: WaitedQueue; activities: number }
  /** Its workflow task, that no worker has taken. */
  | { kind: 'workflow_task_waits'; since: string; queue: WaitedQueue };

/** What the resolver found out about one execution. */
export type Resolution =
  | { kind: 'closed'; outcome: Outcome }
  | { kind: 'open'; open: OpenRun }
  /** The engine does not know it: deleted, past retention, never started, or another store. Never an end. */
  | { kind: 'not_found'; reason: string };
