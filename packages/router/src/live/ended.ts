import type { Execution } from '@runledger/contracts';

/** Whether nothing more is to come: the engine has confirmed the end, or there is no engine that could. */
export function isSettled({ outcomeAuthority, engine, lostAt }: Execution): boolean {
  return outcomeAuthority === 'engine' || (outcomeAuthority !== null && (engine === 'none' || lostAt !== null));
}
