import type { ExecutionErrorCode } from '@runledger/contracts';

/** What the command answers to a script. */
export const EXIT = {
  /** All is well, or done. */
  fine: 0,
  /** Something was found: a divergence, an alarm, a set-up that is wrong. */
  finding: 1,
  /** A wrong argument, an id that names nothing, or an environment that is incomplete or wrong. */
  usage: 2,
  /** Temporal or the ledger cannot be reached, or has an older schema. */
  unreachable: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES_HELP = `
Exit codes:
  0  all is well, or done
  1  something was found: a divergence, an alarm, a set-up that is wrong
  2  a wrong argument, an id that names nothing, or an incomplete environment
  3  Temporal or the ledger cannot be reached`;

/** Which exit code an error that ends a command stands for. */
export const EXIT_OF = {
  invalid_input: EXIT.usage,
  input_rejected: EXIT.usage,
  schema_rejected: EXIT.usage,
  payload_too_large: EXIT.finding,
  invalid_cursor: EXIT.finding,
  unauthenticated: EXIT.usage,
  permission_denied: EXIT.usage,
  not_found: EXIT.usage,
  unknown_user: EXIT.finding,
  conflict: EXIT.finding,
  illegal_transition: EXIT.finding,
  not_startable: EXIT.finding,
  quota_exceeded: EXIT.finding,
  rate_limited: EXIT.unreachable,
  engine_refused: EXIT.usage,
  engine_unavailable: EXIT.unreachable,
  engine_throttled: EXIT.unreachable,
  ledger_unavailable: EXIT.unreachable,
  took_too_long: EXIT.finding,
  schema_outdated: EXIT.unreachable,
  internal: EXIT.finding,
} as const satisfies Record<ExecutionErrorCode, ExitCode>;
