import { formatDuration } from '@runledger/contracts/format-duration';

/** `41 s ago`; by this machine's clock, so that another's may be a little ahead. */
export function ago(at: string, now: number = Date.now()): string {
  return `${formatDuration(now - Date.parse(at))} ago`;
}

/** `2026-11-21 09:14:03.123` in UTC; a date alone says too little about an execution. */
export function moment(at: string): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '');
}

/** `1 run`, `2 runs`. */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}
