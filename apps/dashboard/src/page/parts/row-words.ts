import { DEFAULT_WORDS } from '@runledger/client/react';
import { CANCELLED } from '@runledger/contracts/status';
import type { Clock } from './clock.ts';
import type { ListedExecution } from './status.tsx';
import { STATUS_LABELS } from './status.tsx';

/** Whoever looks. */
type Me = { id: string; email?: string } | undefined;

/** How a row says why, or how it stands; `null` where there is nothing to say. @param now Milliseconds since 1970. */
export function whyOf(
  row: ListedExecution,
  clock: Clock,
  now: number,
  me: Me,
): { text: string; isBad: boolean } | null {
  switch (row.status) {
    case 'failed':
    case 'timed_out':
      return { text: firstLine(row.errorMessage), isBad: true };
    case 'cancelled':
    case 'terminated':
      return { text: stoppedWords(row, me), isBad: false };
    case 'completed':
      return row.verdict ? { text: row.verdict, isBad: false } : null;
    case 'pending':
      return {
        text: row.startBy ? `Waits to be started until ${clock.shortOf(row.startBy, now)}` : 'Waits to be started',
        isBad: false,
      };
    default:
      return openWords(row, clock, now);
  }
}

/** `Terminated by ada: duplicate of customer 8831`. Who others are is not everybody’s to know. */
function stoppedWords(row: ListedExecution, me: Me): string {
  const by = row.endedBy ?? (row.status === 'cancelled' ? row.cancelRequestedBy : null);
  const who =
    by === null
      ? ''
      : by === me?.id
        ? ' by you'
        : by === row.createdBy
          ? ` by ${userLabel(row, me)}`
          : ' by somebody else';
  const reason = row.endReason ?? (row.status === 'cancelled' ? row.cancelReason : null) ?? row.errorMessage;
  return `${STATUS_LABELS[row.status]}${who}${reason && reason !== CANCELLED ? `: ${firstLine(reason)}` : ''}`;
}

const firstLine = (text: string) => text.split('\n', 1)[0] as string;

function openWords(row: ListedExecution, clock: Clock, now: number) {
  const stands = row.reason ?? row.remedy;
  if (stands && row.health !== 'late') return { text: firstLine(stands), isBad: false };
  if (row.cancelRequestedAt)
    return { text: `Asked to stop at ${clock.shortOf(row.cancelRequestedAt, now)}`, isBad: false };
  // Whether or not somebody has looked since: what nobody follows is never found to be late.
  if (row.expectedBy) return { text: `Expected by ${expectedWords(row.expectedBy, clock, now)}`, isBad: false };
  return stands ? { text: firstLine(stands), isBad: false } : null;
}

/** `11:52`; once that has passed `11:52; 8 min over what 99 of 100 take`. @param now Milliseconds since 1970. */
export function expectedWords(expectedBy: string, clock: Clock, now: number): string {
  const over = now - Date.parse(expectedBy);
  return `${clock.shortOf(expectedBy, now)}${over > 0 ? `; ${DEFAULT_WORDS.over(over)}` : ''}`;
}

/** Run time so far or in all, in milliseconds; `null` where nobody knows. @param now Milliseconds since 1970. */
export function tookOf(
  row: Pick<ListedExecution, 'status' | 'durationMs' | 'engineStartedAt' | 'startedAt'>,
  now: number,
): number | null {
  if (row.status === 'pending') return null;
  if (row.status !== 'running') return row.durationMs;
  return Math.max(0, now - Date.parse(row.engineStartedAt ?? row.startedAt));
}

/** `…9f41`: enough of an id to tell it from others by. */
export const shortId = (id: string): string => `…${id.slice(-4)}`;

/** What people call a user: the name, else the part of an address before the @, else the end of the id. @param me Who looks. */
export function userLabel(row: { userName: string | null; createdBy: string }, me: Me): string {
  const name = row.userName ?? (row.createdBy === me?.id ? me.email : undefined);
  return name?.replace(/@.*$/, '') ?? shortId(row.createdBy);
}
