import type { LiveConnection } from '../../live/live-changes.ts';
import { useNow } from './use-now.ts';

/** A connection that is made for the first time is not told of for this long, in milliseconds. */
const UNNOTICED_MS = 3_000;

/** Whether what is shown may be older than it looks: the connection is lost, or has not come about for a while. */
export function useIsAway({ state, since }: LiveConnection): boolean {
  const now = useNow(1_000);
  if (state === 'reconnecting' || state === 'failed') return true;
  return state === 'connecting' && now !== null && now - since > UNNOTICED_MS;
}
