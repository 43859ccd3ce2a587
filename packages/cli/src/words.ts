import { formatDuration } from '@runledger/contracts/format-duration';

/** `41 s ago`; by this machine's clock, so that another's may be a little ahead. */
export function ago(at: string, now: number = Date.now()): string {
  return `${formatDuration(now - Date.parse(at))} ago`;
}

/** The zone that times are told in: that of `TZ`, else this machine's. */
export function zoneOf({ TZ }: Record<string, string | undefined>): string {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!TZ) return own;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: TZ }).resolvedOptions().timeZone;
  } catch {
    // It may name a file instead, which the operating system has read already.
    return own;
  }
}

/** `2026-11-21 09:14:03.123` in a zone; a date alone says too little about an execution. */
export function moment(at: string, zone = 'UTC'): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    ...{ dateStyle: 'short', timeStyle: 'medium' },
  }).format(new Date(at));
  return `${parts}.${new Date(at).toISOString().slice(20, 23)}`;
}

/** `09:14:03` in a zone. @param at In milliseconds since 1970. */
export const clockTime = (at: number, zone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'medium' }).format(at);

/** `1 run`, `2 runs`. */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}
