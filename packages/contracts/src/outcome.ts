import type { Failure } from './failure.ts';
import type { Json } from './json.ts';
import type { Authority, ExecutionStatus, TerminalStatus } from './status.ts';

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
  /** `continued_as_new` for a run that handed on, else how it ended; `running` while open. */
  status: TerminalStatus | 'running' | 'continued_as_new';
  startedAt: string;
  closedAt: string | null;
  errorMessage: string | null;
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
  /** The chain as far as it was read this time; the ledger merges it into what it knows. */
  runs: ChainRun[];
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
  /** Temporal's own name of how it stands: `RUNNING`, `PAUSED`, or of a later server's. */
  engineStatus: string;
  /** Its workflow task fails again and again: it does nothing until its code or its data is mended. */
  wedged: { attempts: number; failure: string | null } | null;
  runs: ChainRun[];
}

/** What the resolver found out about one execution. */
export type Resolution =
  | { kind: 'closed'; outcome: Outcome }
  | { kind: 'open'; open: OpenRun }
  /** The engine does not know it: deleted, past retention, never started, or another store. Never an end. */
  | { kind: 'not_found'; reason: string };

/** What happened to a report or an outcome that was to be recorded. */
export const RECORD_RESULTS = ['applied', 'already_terminal', 'conflict', 'unchanged', 'not_found'] as const;
/**
 * - `applied`: this call changed the execution.
 * - `already_terminal`: it had ended before; nothing changed.
 * - `conflict`: it cannot be so: the run is not of this execution, or the engine has contradicted an earlier report
 *   about this run. Nothing changed; the engine will be asked.
 * - `unchanged`: the execution stood like this already.
 * - `not_found`: no such execution.
 */
export type RecordResult = (typeof RECORD_RESULTS)[number];

/** The answer to one recorded item, in the order they were given. */
export interface RecordAnswer {
  executionId: string | null;
  result: RecordResult;
  status: ExecutionStatus | null;
  authority: Authority | null;
  revision: number | null;
  /** When somebody asked to cancel it, so that a start that comes after the request is cancelled too. */
  cancelRequestedAt: string | null;
}
