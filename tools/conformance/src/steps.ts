import type { TerminalStatus } from '@runledger/contracts';

/** What a workflow of the kit does, one after another; the script is its input. */
export type Step =
  | { do: 'sleep'; ms: number }
  /** For the signal `go`. */
  | { do: 'wait' }
  /** For ever; a cancel ends it, and a time-out or a terminate. */
  | { do: 'hang' }
  /** For ever, until a cancel: then it goes on with the steps after it, in another run. */
  | { do: 'continueWhenCancelled' }
  /** For ever, until a cancel: then that number of activities clean up, and it ends as cancelled. */
  | { do: 'cleanUpWhenCancelled'; activities: number }
  /** Attempts of the activity that fail; it has three. */
  | { do: 'activity'; failures: number }
  /** A number of activities, each of which returns a number of characters. */
  | { do: 'carry'; characters: number; activities: number }
  /** Ends it with this JSON text as its result, digit by digit. */
  | { do: 'return'; json: string }
  | { do: 'child'; fails: boolean }
  /** In every attempt of the workflow before this one; in all without it. */
  | { do: 'fail'; beforeAttempt?: number }
  | { do: 'continueAsNew'; times: number }
  /** By the workflow's own worker, as `reportOutcome`. */
  | { do: 'report'; status: TerminalStatus; verdict?: string };

export interface Script {
  steps: Step[];
}

export const TASK_QUEUE = 'conformance';
/** Workflow types that run a script; which one decides who makes an execution of it. */
export const SCRIPT_TYPE = 'script';
export const ADOPTED_TYPE = 'adoptedScript';
/** As `adoptedScript`, with the user in its memo. */
export const MEMO_ADOPTED_TYPE = 'memoAdoptedScript';
export const SCHEDULED_TYPE = 'scheduledScript';
/** The search attribute that names the user of an adopted execution. */
export const USER_ATTRIBUTE = 'RunledgerUser';
/** The memo field that does. */
export const USER_MEMO = 'runledgerUser';
