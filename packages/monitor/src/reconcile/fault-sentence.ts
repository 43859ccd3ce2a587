import { isExecutionError } from '@runledger/contracts';

/** A state that Postgres gives by itself; those that the ledger's own functions raise begin with PT and say it in words. */
const SQLSTATE = /^(?!PT)[0-9A-Z]{5}$/;

/** Why an execution could not be reconciled, for whoever looks at it; what the database said word by word is in the log. */
export function faultSentence(error: unknown): string {
  if (!isExecutionError(error)) return 'It could not be compared with Temporal; the log of the monitor says why';
  const { code } = (error.cause ?? {}) as { code?: unknown };
  if (typeof code === 'string' && SQLSTATE.test(code)) {
    return `The ledger refused what Temporal says of it (${error.code}); the log of the monitor says why`;
  }
  return error.message;
}
